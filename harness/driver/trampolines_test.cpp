// Function addresses and userData: what comes back tells whose it is, and an earlier program's is a stray.
#include "harness/driver/trampolines.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <set>

namespace ffi_cts {
namespace {

struct Receiver final : Trampolines::Receiver {
  struct Got {
    Trampoline* trampoline;
    int code;
    std::string text;
    void* user_data;
    std::uint64_t call_id;
  };
  std::vector<Got> got;

  void callback(Trampoline* trampoline, int code, const char* msg, std::size_t len, void* user_data) override {
    got.push_back({trampoline, code, std::string(msg, len), user_data, 0});
  }
  void host_function(Trampoline* trampoline, std::uint64_t call_id, const char* req, std::size_t len, void* user_data) override {
    got.push_back({trampoline, 0, std::string(req, len), user_data, call_id});
  }
};

void call(const Trampolines::Handed& handed, void* user_data, int code = 0) { reinterpret_cast<FFICallBack>(handed.function)(code, "abc", 3, user_data); }

class ATrampoline : public testing::Test {
 protected:
  void SetUp() override { trampolines.begin_program(); }
  Receiver receiver;
  Trampolines trampolines{receiver};
};

TEST_F(ATrampoline, BringsWhatTheLibraryPassedToItsOwner) {
  auto handed = trampolines.hand_out(Entry::terminal, nullptr, 3, 8);
  call(handed, handed.user_data, 7);
  ASSERT_EQ(receiver.got.size(), 1u);
  EXPECT_EQ(receiver.got[0].trampoline, handed.trampoline);
  EXPECT_EQ(receiver.got[0].code, 7);
  EXPECT_EQ(receiver.got[0].text, "abc");
  EXPECT_EQ(receiver.got[0].user_data, handed.user_data);
  EXPECT_EQ(receiver.got[0].trampoline->context, 3);
  EXPECT_EQ(receiver.got[0].trampoline->object, 8);
}

TEST_F(ATrampoline, OfAHostFunctionTakesItsCallId) {
  auto handed = trampolines.hand_out(Entry::host_fn, nullptr, 0, 1);
  reinterpret_cast<FFIHostFn>(handed.function)(0xfeedbeefcafe, "key", 3, handed.user_data);
  ASSERT_EQ(receiver.got.size(), 1u);
  EXPECT_EQ(receiver.got[0].call_id, 0xfeedbeefcafeu);
  EXPECT_EQ(receiver.got[0].trampoline, handed.trampoline);
}

TEST_F(ATrampoline, IsKnownByItsFunctionWhateverUserDataSays) {
  auto one = trampolines.hand_out(Entry::terminal, nullptr, 0, 0);
  auto two = trampolines.hand_out(Entry::terminal, nullptr, 0, 1);
  EXPECT_NE(one.function, two.function);
  EXPECT_NE(one.user_data, two.user_data);
  call(one, two.user_data);
  EXPECT_EQ(receiver.got.at(0).trampoline, one.trampoline);
  EXPECT_EQ(receiver.got[0].user_data, two.user_data);
}

TEST_F(ATrampoline, GivenTwiceIsToldApartByUserData) {
  auto one = trampolines.hand_out(Entry::listener, nullptr, 0, 0);
  auto two = trampolines.hand_out_again(one.number, Entry::listener, nullptr, 0, 1);
  EXPECT_EQ(one.function, two.function);
  EXPECT_NE(one.user_data, two.user_data);
  call(two, two.user_data);
  call(one, one.user_data);
  EXPECT_EQ(receiver.got.at(0).trampoline, two.trampoline);
  EXPECT_EQ(receiver.got.at(1).trampoline, one.trampoline);
}

TEST_F(ATrampoline, OfAnEarlierProgramIsAStray) {
  auto old = trampolines.hand_out(Entry::terminal, nullptr, 0, 0);
  auto old_host = trampolines.hand_out(Entry::host_fn, nullptr, 0, 0);
  trampolines.begin_program();
  call(old, old.user_data);
  reinterpret_cast<FFIHostFn>(old_host.function)(1, "", 0, old_host.user_data);
  auto taken = trampolines.hand_out(Entry::terminal, nullptr, 0, 0);  // has the same function again
  ASSERT_EQ(taken.function, old.function);
  call(old, old.user_data);
  call(taken, taken.user_data);
  ASSERT_EQ(receiver.got.size(), 4u);
  EXPECT_FALSE(receiver.got[0].trampoline);
  EXPECT_FALSE(receiver.got[1].trampoline);
  EXPECT_FALSE(receiver.got[2].trampoline);
  EXPECT_EQ(receiver.got[3].trampoline, taken.trampoline);
}

TEST_F(ATrampoline, IsThereForEveryObjectOfALargeProgram) {
  std::vector<Trampolines::Handed> handed;
  std::set<void*> user_data;
  for (int i = 0; i < 5000; ++i) {
    handed.push_back(trampolines.hand_out(Entry::terminal, nullptr, 0, i));
    EXPECT_TRUE(user_data.insert(handed.back().user_data).second);
  }
  for (const auto& one : handed) {
    call(one, one.user_data);
    ASSERT_EQ(receiver.got.back().trampoline, one.trampoline);
  }
}

TEST_F(ATrampoline, UserDataIsNewInEveryProgram) {
  std::set<void*> user_data;
  for (int program = 0; program < 2000; ++program) {
    trampolines.begin_program();
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(user_data.insert(trampolines.hand_out(Entry::terminal, nullptr, 0, i).user_data).second);
  }
}

}  // namespace
}  // namespace ffi_cts
