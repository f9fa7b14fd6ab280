// The hostile corpus against our own libraries, request by request: one answer each, in memory that does not exceed the request's own
// size by 1 MiB, and the context works on.
#include <gmock/gmock.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

#include "harness/driver/library.hpp"
#include "harness/driver/surroundings.hpp"
#include "harness/program/hostile.hpp"
#include "harness/program/payload.hpp"

namespace ffi_cts::tests {
namespace {

// The callbacks of one request.
struct Answer {
  std::mutex mutex;
  std::condition_variable came;
  int count = 0, code = -1;

  static void take(int code, const char*, std::size_t, void* self_) {
    auto* self = static_cast<Answer*>(self_);
    const std::lock_guard lock(self->mutex);
    ++self->count;
    self->code = code;
    self->came.notify_all();
  }
  bool wait() {
    std::unique_lock lock(mutex);
    return came.wait_for(lock, std::chrono::seconds(30), [&] { return count > 0; });
  }
};

struct Ours {
  const char *library, *interface_file;
};

class Hostile : public testing::TestWithParam<Ours> {
 protected:
  void SetUp() override {
    Answer constructed;
    const Bytes config = request_bytes(interface_, create_, arguments_of(interface_, create_, 0, {}));
    context_ = library_.create(config.data(), config.size(), Answer::take, &constructed);
    ASSERT_TRUE(context_ && constructed.wait());
    ASSERT_EQ(constructed.code, RET_OK);
    echo();  // what a library puts off until its first request is there now
  }
  void TearDown() override {
    EXPECT_EQ(library_.destroy(context_), RET_OK);
    for (const Answer& answer : answers_) EXPECT_EQ(answer.count, 1);
  }

  void echo() {
    Step step;
    step.verb = Verb::request;
    step.role = RoleName::echo;
    step.payload = {16, 1};
    const Bytes bytes = request_bytes(interface_, step, arguments_of(interface_, step, 1, {}));
    Answer answer;
    ASSERT_EQ(library_.procs[interface_.role(RoleName::echo)->proc](context_, Answer::take, &answer, bytes.data(), bytes.size()), RET_OK);
    ASSERT_TRUE(answer.wait());
    EXPECT_EQ(answer.code, RET_OK);
  }

  // So many bytes of memory more than before, at most.
  std::uint64_t answered(std::size_t proc, const Bytes& bytes) {
    Answer& answer = answers_.emplace_back();
    const bool known = forget_most_resident();
    const auto before = resident_now();
    const int result = library_.procs[proc](context_, Answer::take, &answer, bytes.data(), bytes.size());
    EXPECT_TRUE(answer.wait()) << "no answer" << (result == RET_OK ? "" : " although it was refused");
    const auto after = resident_now();
    return known && before && after ? after->most - std::min(after->most, before->before) : 0;
  }

  Interface interface_ = load_interface(GetParam().interface_file);
  Library library_ = load_library(GetParam().library, interface_);
  Step create_ = [] {
    Step step;
    step.payload = {4, 1};
    return step;
  }();
  void* context_ = nullptr;
  std::deque<Answer> answers_;
};

TEST_P(Hostile, Requests_get_one_answer_each_in_bounded_memory_and_the_context_works_on) {
  constexpr std::uint64_t beyond = 1 << 20;
  for (std::size_t proc = 0; proc < interface_.procs.size(); ++proc) {
    Step item;
    item.verb = Verb::request;
    item.misuse = Misuse::item;
    item.payload = {12, 3};
    item.proc = proc;
    const Bytes valid = encode(*request_value(interface_, item, {}));
    for (std::size_t number = 0; number < 2 * hostile_count(); ++number) {
      const Bytes bytes = hostile_bytes(number, valid);
      const std::uint64_t used = answered(proc, bytes);
      ASSERT_FALSE(HasFailure()) << interface_.procs[proc].name << ", number " << number;
      EXPECT_LE(used, bytes.size() + beyond) << interface_.procs[proc].name << ", number " << number << " of " << bytes.size() << " bytes";
    }
    echo();
  }
}

INSTANTIATE_TEST_SUITE_P(Ours, Hostile, testing::Values(Ours{FFI_CTS_PROBE, FFI_CTS_PROBE_TOML}, Ours{FFI_CTS_CPROBE, FFI_CTS_CPROBE_TOML}),
                         [](const auto& ours) { return std::string(ours.index == 0 ? "probe" : "cprobe"); });

}  // namespace
}  // namespace ffi_cts::tests
