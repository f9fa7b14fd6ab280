// Judges of chapter 6 on hand-written traces: chains.
#include <gtest/gtest.h>

#include <functional>

#include "conformance/rules/common.hpp"
#include "harness/trace/recording.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;
using enum RoleName;

Outcome outcome(spec::RuleId id, const Recording& t) {
  return judge(id, t.trace()).outcome;
}

bool owns_ending(spec::RuleId id, const Recording& t) {
  return judge(id, t.trace()).owns_ending;
}

// A chain of so many requests, each submitted in the callback of the one before.
Recording chain(int links, const std::function<std::uint64_t(int)>& stack, std::uint32_t threads = 1) {
  Recording t;
  const auto c = t.create();
  auto r = t.request(c, empty);
  for (int i = 0; i < links; ++i) {
    const auto answer =
        t.enter_reply(r, {.thread = 4 + static_cast<std::uint32_t>(i) % threads, .stack_used = stack(i)});
    if (i + 1 < links) r = t.request(c, empty);
    t.leave(answer);
  }
  return t;
}

TEST(AChain, on_a_stack_that_stays_as_it_is_passes) {
  EXPECT_EQ(outcome(rule::HST_19, chain(4000, [](int i) { return 5000u + i % 3 * 100u; })), Outcome::pass);
}

TEST(AChain, on_a_stack_that_grows_is_a_breach) {
  EXPECT_EQ(outcome(rule::HST_19, chain(4000, [](int i) { return 5000u + 64u * static_cast<unsigned>(i); })),
            Outcome::breach);
}

TEST(AChain, that_goes_deeper_for_a_while_and_comes_back_passes) {
  EXPECT_EQ(outcome(rule::HST_19, chain(4000, [](int i) { return 5000u + 64u * (static_cast<unsigned>(i) % 500); })),
            Outcome::pass);
}

TEST(AChain, that_is_short_or_on_unknown_stacks_shows_nothing) {
  EXPECT_EQ(outcome(rule::HST_19, chain(1000, [](int i) { return 5000u + 64u * static_cast<unsigned>(i); })),
            Outcome::not_exercised);
  EXPECT_EQ(outcome(rule::HST_19, chain(4000, [](int) { return 0u; })), Outcome::pass);
}

TEST(AChain, on_several_threads_is_none) {
  EXPECT_EQ(outcome(rule::HST_19, chain(
                                      4000, [](int i) { return 5000u + 64u * static_cast<unsigned>(i); }, 2)),
            Outcome::not_exercised);
}

TEST(AChain, that_ends_in_a_crash_is_its_breach_if_the_stack_was_growing) {
  Recording grows = chain(100, [](int i) { return 5000u + 1000u * static_cast<unsigned>(i); }),
            stays = chain(100, [](int) { return 5000u; });
  grows.crash();
  stays.crash();
  EXPECT_TRUE(owns_ending(rule::HST_19, grows));
  EXPECT_EQ(outcome(rule::HST_19, stays), Outcome::not_exercised);
}

}  // namespace
}  // namespace ffi_cts::rules
