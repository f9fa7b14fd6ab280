// Judges of chapter 8 on hand-written traces: destroy beside other work.
#include <gtest/gtest.h>

#include "conformance/rules/common.hpp"
#include "harness/trace/recording.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;

Outcome outcome(spec::RuleId id, const Recording& t) {
  return judge(id, t.trace()).outcome;
}

struct Beside : testing::Test {
  Recording t;
  Recording::ContextId c = t.create();
};

// ---- END-8 ----------------------------------------------------------------------------------------------------------

struct DestroyInside : Beside {
  Recording::CallbackId running = t.enter_reply(t.request(c, RoleName::echo));
};

TEST_F(DestroyInside, its_own_callback_that_is_refused_and_changes_nothing_passes) {
  t.destroy(c, {.result = 1});
  t.leave(running);
  t.reply(t.request(c, RoleName::echo));
  t.destroy(c);
  EXPECT_EQ(outcome(rule::END_8, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::END_16, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::END_11, t), Outcome::not_exercised);
}

TEST_F(DestroyInside, its_own_callback_that_is_accepted_is_a_breach) {
  t.destroy(c);
  t.leave(running);
  EXPECT_EQ(outcome(rule::END_8, t), Outcome::breach);
  EXPECT_EQ(outcome(rule::END_1, t), Outcome::pass) << "the callback that was running is the one that destroyed";
}

TEST_F(DestroyInside, its_own_callback_that_half_closes_is_a_breach) {
  t.destroy(c, {.result = 1});
  t.leave(running);
  t.request(c, RoleName::echo, {.result = 1});
  EXPECT_EQ(outcome(rule::END_8, t), Outcome::breach);
}

TEST_F(DestroyInside, its_own_callback_after_which_destroy_fails_is_a_breach) {
  t.destroy(c, {.result = 1});
  t.leave(running);
  t.destroy(c, {.result = 1});
  EXPECT_EQ(outcome(rule::END_8, t), Outcome::breach);
}

TEST_F(DestroyInside, another_contexts_callback_may_be_answered_either_way) {
  Recording refused = t;
  const auto a = t.create();
  const auto in_t = t.enter_reply(t.request(a, RoleName::echo));
  t.leave(running);
  t.destroy(c, {.thread = 5});
  t.leave(in_t);
  EXPECT_EQ(outcome(rule::END_8, t), Outcome::pass);
  const auto b = refused.create();
  const auto in_refused = refused.enter_reply(refused.request(b, RoleName::echo));
  refused.leave(running);
  refused.destroy(c, {.thread = 5, .result = 1});
  refused.leave(in_refused);
  refused.reply(refused.request(c, RoleName::echo));
  EXPECT_EQ(outcome(rule::END_8, refused), Outcome::pass);
  EXPECT_EQ(outcome(rule::END_11, refused), Outcome::not_exercised) << "refused or closing: it cannot be told";
}

TEST_F(DestroyInside, a_callback_that_does_not_return_is_its_breach) {
  t.begin_destroy(c);
  t.hang();
  EXPECT_TRUE(judge(rule::END_8, t.trace()).owns_ending);
  EXPECT_EQ(outcome(rule::END_3, t), Outcome::not_exercised);
}

// ---- END-9 ----------------------------------------------------------------------------------------------------------

struct NewContext : Beside {
  Recording::ListenerId old = t.listen(c);
  Recording::RequestId old_event = t.request(c, RoleName::emit);
  NewContext() {
    t.hear(old, old_event);
    t.reply(old_event);
    t.destroy(c);
  }
};

TEST_F(NewContext, that_hears_its_own_passes) {
  EXPECT_EQ(outcome(rule::END_9, t), Outcome::not_exercised);
  const auto n = t.create();
  const auto l = t.listen(n);
  const auto r = t.request(n, RoleName::emit);
  t.hear(l, r);
  EXPECT_EQ(outcome(rule::END_9, t), Outcome::pass);
}

TEST_F(NewContext, whose_event_an_old_listener_hears_is_a_breach) {
  const auto n = t.create();
  const auto r = t.request(n, RoleName::emit);
  t.hear(old, r);
  EXPECT_EQ(outcome(rule::END_9, t), Outcome::breach);
}

TEST_F(NewContext, that_hears_an_old_event_is_a_breach) {
  const auto l = t.listen(t.create());
  t.hear(l, old_event);
  EXPECT_EQ(outcome(rule::END_9, t), Outcome::breach);
}

TEST_F(Beside, a_new_context_that_fails_because_the_last_one_did_is_a_breach) {
  const auto failed = t.create(RoleName::create_fail);
  t.destroy(failed);
  const auto next = t.create_only();
  t.construct(next, {.code = ret_err, .text = "still broken"});
  EXPECT_EQ(outcome(rule::END_9, t), Outcome::breach);
}

// ---- END-11 ---------------------------------------------------------------------------------------------------------

using Race = Beside;

TEST_F(Race, of_a_request_that_is_accepted_and_answered_passes) {
  EXPECT_EQ(outcome(rule::END_11, t), Outcome::not_exercised);
  const auto destroy = t.begin_destroy(c, {.thread = 1});
  const auto r = t.request(c, RoleName::echo, {.thread = 0});
  t.reply(r, {.code = ret_err});
  t.leave(destroy);
  EXPECT_EQ(outcome(rule::END_11, t), Outcome::pass);
}

TEST_F(Race, of_a_request_that_is_accepted_and_forgotten_is_a_breach) {
  const auto destroy = t.begin_destroy(c, {.thread = 1});
  t.request(c, RoleName::echo, {.thread = 0});
  t.leave(destroy);
  EXPECT_EQ(outcome(rule::END_11, t), Outcome::breach);
}

TEST_F(Race, of_a_request_that_never_returns_is_its_breach) {
  const auto destroy = t.begin_destroy(c, {.thread = 1});
  t.begin_request(c, RoleName::echo, {.thread = 0});
  t.leave(destroy);
  t.hang();
  EXPECT_TRUE(judge(rule::END_11, t.trace()).owns_ending);
}

TEST_F(Race, of_destroys_lets_one_succeed) {
  const auto race = [&](Recording run, int first, int second) {
    const auto a = run.begin_destroy(c, {.thread = 0}), b = run.begin_destroy(c, {.thread = 1});
    run.leave(a, first);
    run.leave(b, second);
    return outcome(rule::END_11, run);
  };
  EXPECT_EQ(race(t, 0, 1), Outcome::pass);
  EXPECT_EQ(race(t, 1, 0), Outcome::pass);
  EXPECT_EQ(race(t, 0, 0), Outcome::breach);
  EXPECT_EQ(race(t, 1, 1), Outcome::breach);
}

TEST_F(Race, of_destroys_that_a_callback_blocked_may_all_give_up) {
  const auto held = t.enter_reply(t.request(c, RoleName::echo));
  const auto a = t.begin_destroy(c, {.thread = 0}), b = t.begin_destroy(c, {.thread = 1});
  t.leave(a, 1);
  t.leave(b, 1);
  t.leave(held);
  EXPECT_EQ(outcome(rule::END_11, t), Outcome::pass);
}

struct Closing : Beside {
  Recording::ListenerId l = t.listen(c);
  Closing() {
    const auto held = t.enter_reply(t.request(c, RoleName::echo));
    t.destroy(c, {.thread = 0, .result = 1});
    t.leave(held);
  }
};

TEST_F(Closing, contexts_that_refuse_new_work_pass) {
  t.request(c, RoleName::echo, {.result = 1});
  t.listen(c, {.result = 0});
  t.reg(c, {.result = 1});
  t.remove(l);
  t.destroy(c);
  EXPECT_EQ(outcome(rule::END_11, t), Outcome::pass);
}

TEST_F(Closing, contexts_that_take_new_work_are_a_breach) {
  Recording request = t, listen = t, reg = t;
  request.request(c, RoleName::echo);
  listen.listen(c);
  reg.reg(c);
  for (const Recording* each : {&request, &listen, &reg}) EXPECT_EQ(outcome(rule::END_11, *each), Outcome::breach);
}

}  // namespace
}  // namespace ffi_cts::rules
