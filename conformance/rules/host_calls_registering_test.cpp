// Judges of chapter 6 on hand-written traces: registering.
#include <gtest/gtest.h>

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

struct Calling : testing::Test {
  Recording t;
  Recording::ContextId c = t.create();

  // A whole host call: asked for, called, answered.
  Recording::RequestId round(Recording::HostFunctionId h, Delivery called = {}) {
    const auto r = t.request(c, call_host);
    t.complete(t.call_host(h, r, std::move(called)));
    t.reply(r);
    return r;
  }
};

// ---- HST-8 ----------------------------------------------------------------------------------------------------------

using Unregistered = Calling;

TEST_F(Unregistered, that_fails_with_the_name_passes) {
  const auto r = t.request(c, call_host);
  EXPECT_EQ(outcome(rule::HST_8, t), Outcome::unknown) << "it had no answer yet";
  t.reply(r, {.code = ret_err, .text = "host function 'fetch' is not registered"});
  EXPECT_EQ(outcome(rule::HST_8, t), Outcome::pass);
}

TEST_F(Unregistered, that_succeeds_or_keeps_the_name_to_itself_is_a_breach) {
  const auto r = t.request(c, call_host);
  Recording succeeds = t;
  succeeds.reply(r);
  t.reply(r, {.code = ret_err, .text = "no such function"});
  EXPECT_EQ(outcome(rule::HST_8, succeeds), Outcome::breach);
  EXPECT_EQ(outcome(rule::HST_8, t), Outcome::breach);
}

TEST_F(Unregistered, whose_handler_does_not_hand_errors_on_may_say_what_it_likes) {
  t.interface.roles.at(call_host).error.reset();
  t.reply(t.request(c, call_host), {.code = ret_err, .text = "no"});
  EXPECT_EQ(outcome(rule::HST_8, t), Outcome::pass);
}

TEST_F(Unregistered, that_is_answered_only_by_destroy_is_a_breach) {
  const auto r = t.request(c, call_host);
  t.wait(r, ObjectKind::request, true);
  const auto destroy = t.begin_destroy(c);
  t.reply(r, {.code = ret_err});
  t.leave(destroy);
  EXPECT_EQ(outcome(rule::HST_8, t), Outcome::breach);
  EXPECT_EQ(outcome(rule::REQ_1, t), Outcome::pass);
}

TEST_F(Unregistered, is_not_what_may_be_registered_by_then) {
  const auto r = t.request(c, call_host);
  t.reg(c);
  t.reply(r, {.code = ret_err, .text = "no"});
  EXPECT_EQ(outcome(rule::HST_8, t), Outcome::not_exercised);
}

TEST_F(Unregistered, is_what_is_registered_under_other_names_only) {
  t.reg(c, {.name = NameKind::extended});
  t.reply(t.request(c, call_host), {.code = ret_err, .text = "fetch?"});
  EXPECT_EQ(outcome(rule::HST_8, t), Outcome::pass);
}

TEST_F(Unregistered, that_crashes_the_loop_is_its_breach) {
  Recording busy = t;
  t.request(c, call_host);
  t.crash();
  busy.request(c, call_host);
  busy.request(c, echo);
  busy.crash();
  EXPECT_TRUE(owns_ending(rule::HST_8, t));
  EXPECT_FALSE(owns_ending(rule::HST_8, busy)) << "it may have been the echo";
}

// ---- HST-9 ----------------------------------------------------------------------------------------------------------

using Unregistering = Calling;

TEST_F(Unregistering, and_failing_from_then_on_passes) {
  const auto h = t.reg(c);
  round(h);
  t.unregister(c);
  t.reply(t.request(c, call_host), {.code = ret_err, .text = "fetch is not registered"});
  EXPECT_EQ(outcome(rule::HST_9, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::HST_8, t), Outcome::not_exercised);
}

TEST_F(Unregistering, that_returns_0_is_a_breach) {
  t.unregister(c, {.result = 0});
  EXPECT_EQ(outcome(rule::HST_9, t), Outcome::breach);
}

TEST_F(Unregistering, after_which_the_function_is_called_is_a_breach) {
  const auto h = t.reg(c);
  t.unregister(c);
  round(h);
  EXPECT_EQ(outcome(rule::HST_9, t), Outcome::breach);
}

TEST_F(Unregistering, while_a_request_is_on_its_way_may_go_either_way) {
  const auto h = t.reg(c);
  const auto r = t.request(c, call_host);
  t.unregister(c);
  t.complete(t.call_host(h, r));
  t.reply(r);
  EXPECT_EQ(outcome(rule::HST_9, t), Outcome::pass);
}

TEST_F(Unregistering, and_registering_again_is_as_before) {
  t.reg(c);
  t.unregister(c);
  round(t.reg(c));
  EXPECT_EQ(outcome(rule::HST_9, t), Outcome::pass);
}

TEST_F(Unregistering, that_hangs_is_its_breach) {
  t.reg(c);
  t.begin_reg(c, {.misuse = Misuse::null_callback});
  t.hang();
  EXPECT_TRUE(owns_ending(rule::HST_9, t));
}

// ---- HST-10 ---------------------------------------------------------------------------------------------------------

using RegisteringAgain = Calling;

TEST_F(RegisteringAgain, serves_the_next_call_and_leaves_the_pending_one_alone) {
  const auto h = t.reg(c);
  const auto r = t.request(c, call_host);
  const auto pending = t.call_host(h, r);
  round(t.reg(c));
  t.complete(pending);
  t.reply(r);
  EXPECT_EQ(outcome(rule::HST_10, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::HST_7, t), Outcome::pass);
}

TEST_F(RegisteringAgain, that_changes_nothing_is_a_breach) {
  const auto h = t.reg(c);
  t.reg(c);
  round(h);
  EXPECT_EQ(outcome(rule::HST_10, t), Outcome::breach);
}

TEST_F(RegisteringAgain, that_was_refused_or_came_too_late_replaces_nothing) {
  const auto h = t.reg(c);
  t.reg(c, {.result = 1});
  const auto r = t.request(c, call_host);
  t.reg(c);
  t.complete(t.call_host(h, r));
  t.reply(r);
  EXPECT_NE(outcome(rule::HST_10, t), Outcome::breach);
}

TEST_F(RegisteringAgain, that_fails_a_pending_call_is_a_breach) {
  const auto h = t.reg(c);
  const auto r = t.request(c, call_host);
  t.call_host(h, r);
  t.reg(c);
  t.reply(r, {.code = ret_err, .text = "replaced"});
  EXPECT_EQ(outcome(rule::HST_10, t), Outcome::breach);
  EXPECT_EQ(outcome(rule::HST_3, t), Outcome::not_exercised);
}

TEST_F(RegisteringAgain, after_which_nothing_is_called_is_a_breach) {
  t.reg(c);
  t.reg(c);
  t.reply(t.request(c, call_host), {.code = ret_err, .text = "fetch is not registered"});
  EXPECT_EQ(outcome(rule::HST_10, t), Outcome::breach);
}

TEST_F(RegisteringAgain, that_crashes_is_its_breach) {
  t.reg(c);
  t.begin_reg(c);
  t.crash();
  EXPECT_TRUE(owns_ending(rule::HST_10, t));
}

// ---- HST-21 ---------------------------------------------------------------------------------------------------------

using Nameless = Calling;

TEST_F(Nameless, refused_or_stored_passes) {
  t.reg(c, {.result = 1, .name = NameKind::null});
  t.reg(c, {.name = NameKind::wildcard});
  EXPECT_EQ(outcome(rule::HST_21, t), Outcome::pass);
}

TEST_F(Nameless, is_not_what_has_a_name) {
  t.reg(c, {.name = NameKind::huge});
  EXPECT_EQ(outcome(rule::HST_21, t), Outcome::not_exercised);
}

TEST_F(Nameless, that_crashes_is_its_breach) {
  Recording later = t;
  t.begin_reg(c, {.name = NameKind::null});
  t.crash();
  later.reg(c, {.name = NameKind::null});
  later.crash();
  EXPECT_TRUE(owns_ending(rule::HST_21, t));
  EXPECT_TRUE(owns_ending(rule::HST_21, later)) << "the loop crashed, and this was all that it had to do";
  EXPECT_FALSE(owns_ending(rule::HST_10, t));
}

}  // namespace
}  // namespace ffi_cts::rules
