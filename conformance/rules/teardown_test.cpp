// Judges of chapter 8 on hand-written traces: how a context ends.
#include <gtest/gtest.h>

#include "conformance/rules/common.hpp"
#include "harness/trace/recording.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;

Outcome outcome(spec::RuleId id, const Recording& t) {
  return judge(id, t.trace()).outcome;
}

struct End : testing::Test {
  Recording t;
  Recording::ContextId c = t.create();
};

// ---- END-1 ----------------------------------------------------------------------------------------------------------

using Silence = End;

TEST_F(Silence, after_destroy_passes_and_without_one_is_not_exercised) {
  t.reply(t.request(c, RoleName::echo));
  EXPECT_EQ(outcome(rule::END_1, t), Outcome::not_exercised);
  t.destroy(c);
  EXPECT_EQ(outcome(rule::END_1, t), Outcome::pass);
}

TEST_F(Silence, broken_by_a_late_callback_is_a_breach) {
  const auto r = t.request(c, RoleName::echo);
  t.destroy(c);
  t.reply(r);
  EXPECT_EQ(outcome(rule::END_1, t), Outcome::breach);
}

TEST_F(Silence, while_a_callback_is_still_running_is_a_breach) {
  const auto running = t.enter_reply(t.request(c, RoleName::echo));
  t.destroy(c, {.thread = 0});
  t.leave(running);
  EXPECT_EQ(outcome(rule::END_1, t), Outcome::breach);
}

TEST_F(Silence, says_nothing_of_destroys_that_gave_up) {
  const auto running = t.enter_reply(t.request(c, RoleName::echo));
  t.destroy(c, {.thread = 0, .result = 1});
  t.leave(running);
  t.destroy(c);
  EXPECT_EQ(outcome(rule::END_1, t), Outcome::pass);
}

TEST_F(Silence, broken_by_a_function_of_an_earlier_program_is_a_breach) {
  t.stray();
  EXPECT_EQ(outcome(rule::END_1, t), Outcome::breach);
}

TEST_F(Silence, is_not_broken_by_the_refusal_of_a_late_request) {
  t.destroy(c);
  t.request(c, RoleName::echo, {.result = 1});
  EXPECT_EQ(outcome(rule::END_1, t), Outcome::pass);
}

TEST_F(Silence, of_a_crashed_program_needs_no_left_stamp) {
  t.enter_reply(t.request(c, RoleName::echo));
  t.destroy(c, {.thread = 0});
  t.crash();
  EXPECT_EQ(outcome(rule::END_1, t), Outcome::pass);
}

// ---- END-2 ----------------------------------------------------------------------------------------------------------

struct InFlight : End {
  Recording::RequestId r = t.request(c, RoleName::delay, {.ms = 1000});
};

TEST_F(InFlight, requests_ended_by_destroy_pass) {
  const auto destroy = t.begin_destroy(c);
  t.reply(r, {.code = ret_err});
  t.leave(destroy);
  EXPECT_EQ(outcome(rule::END_2, t), Outcome::pass);
}

TEST_F(InFlight, requests_abandoned_by_destroy_are_a_breach) {
  t.destroy(c);
  EXPECT_EQ(outcome(rule::END_2, t), Outcome::breach);
}

TEST_F(InFlight, requests_ended_twice_are_a_breach) {
  const auto destroy = t.begin_destroy(c);
  t.reply(r, {.code = ret_err});
  t.reply(r, {.code = ret_err});
  t.leave(destroy);
  EXPECT_EQ(outcome(rule::END_2, t), Outcome::breach);
}

TEST_F(InFlight, requests_of_a_context_that_could_not_be_destroyed_are_not_judged) {
  t.destroy(c, {.result = 1});
  EXPECT_EQ(outcome(rule::END_2, t), Outcome::not_exercised);
}

TEST_F(InFlight, requests_answered_before_are_none) {
  t.reply(r);
  t.destroy(c);
  EXPECT_EQ(outcome(rule::END_2, t), Outcome::not_exercised);
}

// ---- END-3 ----------------------------------------------------------------------------------------------------------

struct Blocked : End {
  Recording::CallbackId held = t.enter_reply(t.request(c, RoleName::echo));
};

TEST_F(Blocked, destroys_that_give_up_and_succeed_later_pass) {
  t.destroy(c, {.thread = 0, .result = 1});
  t.leave(held);
  t.destroy(c);
  EXPECT_EQ(outcome(rule::END_3, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::END_16, t), Outcome::not_exercised);
}

TEST_F(Blocked, destroys_that_never_return_are_its_breach) {
  t.begin_destroy(c, {.thread = 0});
  t.hang();
  EXPECT_TRUE(judge(rule::END_3, t.trace()).owns_ending);
  EXPECT_EQ(outcome(rule::END_16, t), Outcome::not_exercised);
}

TEST_F(End, a_destroy_that_waits_for_a_callback_until_all_stands_still_does_not_give_up) {
  const auto held = t.enter_reply(t.request(c, RoleName::echo), {.stalled = true});
  const auto destroy = t.begin_destroy(c, {.thread = 0});
  t.stand_still();
  t.leave(held);
  t.leave(destroy, 0);
  EXPECT_EQ(outcome(rule::END_3, t), Outcome::breach);
}

TEST_F(End, a_destroy_that_waits_for_a_callback_of_its_own_cancelling_does_not_give_up) {
  const auto r = t.request(c, RoleName::delay);
  const auto destroy = t.begin_destroy(c, {.thread = 0});
  const auto held = t.enter_reply(r, {.code = ret_err, .stalled = true});
  t.stand_still();
  t.leave(held);
  t.leave(destroy, 0);
  EXPECT_EQ(outcome(rule::END_3, t), Outcome::breach);
}

TEST_F(End, a_destroy_that_begins_when_the_callback_had_been_let_go_proves_nothing) {
  const auto held = t.enter_reply(t.request(c, RoleName::echo), {.stalled = true});
  t.stand_still();
  const auto destroy = t.begin_destroy(c, {.thread = 0});
  t.leave(held);
  t.leave(destroy, 0);
  EXPECT_EQ(outcome(rule::END_3, t), Outcome::not_exercised);
}

TEST_F(Blocked, destroys_that_never_succeed_are_a_breach) {
  t.destroy(c, {.thread = 0, .result = 1});
  t.leave(held);
  t.destroy(c, {.result = 1});
  EXPECT_EQ(outcome(rule::END_3, t), Outcome::breach);
}

TEST_F(Blocked, destroys_that_take_far_longer_than_the_limit_are_a_breach_of_times) {
  const auto destroy = t.begin_destroy(c, {.thread = 0});
  t.advance_ms(4500);
  t.leave(destroy, 1);
  const Verdict verdict = judge(rule::END_3, t.trace());
  EXPECT_EQ(verdict.outcome, Outcome::breach);
  EXPECT_TRUE(verdict.timing);
}

TEST_F(Blocked, destroys_that_return_another_code_are_a_breach) {
  t.destroy(c, {.thread = 0, .result = 7});
  EXPECT_EQ(outcome(rule::END_3, t), Outcome::breach);
}

TEST_F(End, a_destroy_that_nothing_blocks_does_not_exercise_giving_up) {
  t.destroy(c);
  EXPECT_EQ(outcome(rule::END_3, t), Outcome::not_exercised);
}

// ---- END-16 ---------------------------------------------------------------------------------------------------------

using Unblocked = InFlight;

TEST_F(Unblocked, destroys_that_succeed_pass) {
  const auto destroy = t.begin_destroy(c);
  t.reply(r, {.code = ret_err});
  t.leave(destroy);
  EXPECT_EQ(outcome(rule::END_16, t), Outcome::pass);
}

TEST_F(Unblocked, destroys_that_give_up_are_a_breach) {
  t.destroy(c, {.result = 1});
  EXPECT_EQ(outcome(rule::END_16, t), Outcome::breach);
}

TEST_F(Unblocked, destroys_that_hang_are_its_breach) {
  t.begin_destroy(c);
  t.hang();
  EXPECT_TRUE(judge(rule::END_16, t.trace()).owns_ending);
}

TEST_F(Unblocked, destroys_that_are_slow_are_a_breach_of_times) {
  const auto destroy = t.begin_destroy(c);
  t.advance_ms(9000);
  t.leave(destroy);
  EXPECT_TRUE(judge(rule::END_16, t.trace()).timing);
}

TEST_F(Unblocked, destroys_beside_a_blocking_request_may_give_up) {
  t.request(c, RoleName::block, {.ms = 5000});
  t.destroy(c, {.result = 1});
  EXPECT_EQ(outcome(rule::END_16, t), Outcome::not_exercised);
}

TEST_F(Unblocked, destroys_beside_another_may_fail) {
  const auto one = t.begin_destroy(c, {.thread = 0}), two = t.begin_destroy(c, {.thread = 1});
  t.leave(one, 1);
  t.leave(two, 0);
  EXPECT_EQ(outcome(rule::END_16, t), Outcome::not_exercised);
}

// ---- END-10 ---------------------------------------------------------------------------------------------------------

struct RightAfterCreate : testing::Test {
  Recording t;
  Recording::ContextId c = t.create_only();
};

TEST_F(RightAfterCreate, a_destroy_that_ends_the_constructor_passes) {
  const auto destroy = t.begin_destroy(c);
  t.construct(c, {.code = ret_err, .text = "destroyed"});
  t.leave(destroy);
  EXPECT_EQ(outcome(rule::END_10, t), Outcome::pass);
}

TEST_F(RightAfterCreate, a_destroy_that_forgets_the_constructor_is_a_breach) {
  t.destroy(c);
  EXPECT_EQ(outcome(rule::END_10, t), Outcome::breach);
}

TEST_F(RightAfterCreate, a_destroy_that_forgets_an_early_request_is_a_breach) {
  t.request(c, RoleName::echo);
  const auto destroy = t.begin_destroy(c);
  t.construct(c);
  t.leave(destroy);
  EXPECT_EQ(outcome(rule::END_10, t), Outcome::breach);
}

TEST_F(RightAfterCreate, a_context_that_is_never_destroyed_is_a_breach) {
  t.destroy(c, {.result = 1});
  t.construct(c);
  t.destroy(c, {.result = 1});
  EXPECT_EQ(outcome(rule::END_10, t), Outcome::breach);
}

TEST_F(RightAfterCreate, a_destroy_that_gives_up_because_the_constructor_runs_passes) {
  const auto destroy = t.begin_destroy(c);
  t.advance_ms(1500);
  t.leave(destroy, 1);
  t.construct(c, {.code = ret_err, .text = "destroyed"});
  t.destroy(c);
  EXPECT_EQ(outcome(rule::END_10, t), Outcome::pass);
}

TEST_F(RightAfterCreate, a_destroy_that_gives_up_though_the_constructor_was_over_is_a_breach) {
  const auto destroy = t.begin_destroy(c);
  t.construct(c);
  t.advance_ms(1500);
  t.leave(destroy, 1);
  t.destroy(c);
  EXPECT_EQ(outcome(rule::END_10, t), Outcome::breach);
}

TEST_F(RightAfterCreate, a_destroy_that_is_refused_is_a_breach_and_leaves_the_context_open) {
  t.destroy(c, {.result = 1});
  t.construct(c);
  t.reply(t.request(c, RoleName::echo));
  t.destroy(c);
  EXPECT_EQ(outcome(rule::END_10, t), Outcome::breach);
  EXPECT_NE(outcome(rule::END_11, t), Outcome::breach);
}

TEST_F(RightAfterCreate, a_destroy_that_hangs_is_its_breach) {
  t.begin_destroy(c);
  t.hang();
  EXPECT_TRUE(judge(rule::END_10, t.trace()).owns_ending);
  EXPECT_EQ(outcome(rule::END_16, t), Outcome::not_exercised);
}

TEST_F(End, a_destroy_after_the_constructor_is_not_right_after_create) {
  t.destroy(c);
  EXPECT_EQ(outcome(rule::END_10, t), Outcome::not_exercised);
}

}  // namespace
}  // namespace ffi_cts::rules
