// The hostile requests are many, are what they say, and reach the parameters that a proc asks for.
#include "harness/program/hostile.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ffi_cts {
namespace {

const Bytes valid = encode(Value(Map{{"req", Map{{"text", "abc"}}}}));

TEST(Hostile, RequestsAreManyAndNoTwoOfThemAlike) {
  EXPECT_GE(hostile_count(), 200u);
  std::set<Bytes> seen;
  for (const HostileForm& form : hostile_forms()) EXPECT_TRUE(seen.insert(bytes_of(form)).second) << form.what;
}

TEST(Hostile, FormsAreReadAsTheyAreWritten) {
  EXPECT_EQ(bytes_of({"a1 6178 (0102)*3 ff", ""}), (Bytes{0xa1, 0x61, 0x78, 1, 2, 1, 2, 1, 2, 0xff}));
  EXPECT_EQ(bytes_of({"(81)*4", ""}), Bytes(4, 0x81));
  EXPECT_EQ(bytes_of({"", ""}), Bytes());
}

TEST(Hostile, NestingGoesAMillionDeepAndLengthsToTheLast) {
  std::size_t longest = 0;
  bool all_ones = false;
  for (const HostileForm& form : hostile_forms()) {
    longest = std::max(longest, bytes_of(form).size());
    all_ones |= form.bytes.find("5b ffffffffffffffff") != std::string_view::npos;
  }
  EXPECT_GE(longest, 1'000'000u);
  EXPECT_TRUE(all_ones);
}

TEST(Hostile, TruncationsAreTheBeginningsOfAValidRequest) {
  const std::size_t first = hostile_forms().size();
  std::set<Bytes> seen;
  for (std::size_t i = 0; i < truncations; ++i) {
    const Bytes bytes = hostile_bytes(first + i, valid);
    EXPECT_EQ(bytes, Bytes(valid.begin(), valid.begin() + static_cast<std::ptrdiff_t>(bytes.size())));
    seen.insert(bytes);
  }
  EXPECT_EQ(seen.size(), valid.size());
  EXPECT_TRUE(hostile_bytes(first + 1, encode(Value(Map{}))).empty());
}

TEST(Hostile, InEverySecondRoundTheyStandUnderTheFirstKeyOfAValidRequest) {
  const std::size_t list = 2;  // a list of 2^36 items
  EXPECT_EQ(hostile_bytes(list, valid)[2], 'x');
  EXPECT_EQ(hostile_bytes(list + 2 * hostile_count(), valid), hostile_bytes(list, valid));
  const Bytes asked_for = hostile_bytes(list + hostile_count(), valid);
  EXPECT_EQ(Bytes(asked_for.begin(), asked_for.begin() + 6), (Bytes{0xa1, 0x63, 'r', 'e', 'q', 0x9b}));
  EXPECT_EQ(hostile_bytes(list + hostile_count(), encode(Value(Map{}))), hostile_bytes(list, valid)) << "there is no key";
  std::size_t largest = 0;  // 2^64-1
  while (hostile_forms()[largest].bytes != "a1 6178 1b ffffffffffffffff") ++largest;
  EXPECT_EQ(hostile_bytes(largest + hostile_count(), valid), hostile_bytes(largest, valid)) << "somebody may wait for so long";
}

}  // namespace
}  // namespace ffi_cts
