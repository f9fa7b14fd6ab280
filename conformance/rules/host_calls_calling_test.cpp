// Judges of chapter 6 on hand-written traces: calling the host.
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

// ---- HST-1, HST-20 --------------------------------------------------------------------------------------------------

using CallIds = Calling;

TEST_F(CallIds, that_grow_pass) {
  const auto h = t.reg(c);
  round(h);
  EXPECT_EQ(outcome(rule::HST_1, t), Outcome::not_exercised) << "one call shows nothing";
  round(h);
  EXPECT_EQ(outcome(rule::HST_1, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::HST_20, t), Outcome::pass);
}

TEST_F(CallIds, of_0_are_a_breach) {
  round(t.reg(c), {.call_id = 0});
  EXPECT_EQ(outcome(rule::HST_1, t), Outcome::breach);
}

TEST_F(CallIds, that_come_again_are_a_breach) {
  const auto h = t.reg(c);
  round(h, {.call_id = 7});
  round(h, {.call_id = 7});
  EXPECT_EQ(outcome(rule::HST_1, t), Outcome::breach);
}

TEST_F(CallIds, that_come_again_for_the_same_request_are_one_call_made_twice) {
  const auto h = t.reg(c);
  const auto r = t.request(c, call_host);
  t.call_host(h, r, {.call_id = 7});
  t.call_host(h, r, {.call_id = 7});
  EXPECT_EQ(outcome(rule::HST_1, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::HST_2, t), Outcome::breach);
}

TEST_F(CallIds, of_two_contexts_may_be_alike_but_should_not) {
  const auto other = t.create();
  const auto h = t.reg(c), g = t.reg(other);
  t.call_host(h, {.call_id = 1});
  t.call_host(g, {.call_id = 1});
  EXPECT_EQ(outcome(rule::HST_1, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::HST_20, t), Outcome::breach);
}

TEST_F(CallIds, that_fall_break_the_should_alone) {
  const auto h = t.reg(c);
  round(h, {.call_id = 9});
  round(h, {.call_id = 8});
  EXPECT_EQ(outcome(rule::HST_1, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::HST_20, t), Outcome::breach);
}

TEST_F(CallIds, of_requests_in_flight_together_may_be_given_out_in_any_order) {
  const auto h = t.reg(c);
  const auto first = t.request(c, call_host), second = t.request(c, call_host);
  t.call_host(h, first, {.call_id = 9});
  t.call_host(h, second, {.call_id = 8});
  EXPECT_NE(outcome(rule::HST_20, t), Outcome::breach);
}

// ---- HST-2 ----------------------------------------------------------------------------------------------------------

using AHostCall = Calling;

TEST_F(AHostCall, with_its_userData_and_bytes_passes) {
  EXPECT_EQ(outcome(rule::HST_2, t), Outcome::not_exercised);
  round(t.reg(c));
  EXPECT_EQ(outcome(rule::HST_2, t), Outcome::pass);
}

TEST_F(AHostCall, with_another_userData_is_a_breach) {
  round(t.reg(c), {.user_data = 4711});
  EXPECT_EQ(outcome(rule::HST_2, t), Outcome::breach);
}

TEST_F(AHostCall, with_nobodys_bytes_is_a_breach) {
  const auto h = t.reg(c);
  const auto r = t.request(c, call_host);
  t.call_host(h, r, {.text = "key"});
  EXPECT_EQ(outcome(rule::HST_2, t), Outcome::breach);
}

TEST_F(AHostCall, that_no_request_asked_for_is_the_librarys_own_business) {
  t.call_host(t.reg(c), {.text = "tick"});
  EXPECT_EQ(outcome(rule::HST_2, t), Outcome::pass);
}

TEST_F(AHostCall, beside_a_request_whose_handling_is_unknown_may_bring_any_bytes) {
  const auto h = t.reg(c);
  t.request(c, call_host, {.misuse = Misuse::lenient});
  t.request(c, call_host);
  t.call_host(h, {.text = "key"});
  EXPECT_EQ(outcome(rule::HST_2, t), Outcome::pass);
}

TEST_F(AHostCall, without_a_declared_payload_may_bring_any_bytes) {
  t.interface.roles.at(call_host).payload.reset();
  const auto h = t.reg(c);
  t.request(c, call_host);
  t.call_host(h, {.text = "key"});
  EXPECT_EQ(outcome(rule::HST_2, t), Outcome::pass);
}

TEST_F(AHostCall, made_twice_for_a_request_is_a_breach_unless_the_first_had_been_answered) {
  const auto h = t.reg(c);
  const auto r = t.request(c, call_host);
  const auto first = t.call_host(h, r);
  Recording tried_again = t;
  tried_again.complete(first, {.code = ret_err});
  tried_again.call_host(h, r);
  t.call_host(h, r);
  EXPECT_EQ(outcome(rule::HST_2, t), Outcome::breach);
  EXPECT_EQ(outcome(rule::HST_2, tried_again), Outcome::pass);
}

TEST_F(AHostCall, inside_the_hosts_own_call_is_a_breach) {
  const auto h = t.reg(c);
  const auto r = t.begin_request(c, call_host);
  t.call_host(h, r, {.thread = 0});
  t.leave(r);
  EXPECT_EQ(outcome(rule::HST_2, t), Outcome::breach);
}

TEST_F(AHostCall, that_is_not_made_is_a_breach) {
  t.reg(c);
  Recording failed = t, answered = t, lost = t, crowd = t;
  failed.reply(failed.request(c, call_host), {.code = ret_err});
  answered.reply(answered.request(c, call_host));
  lost.wait(lost.request(c, call_host), ObjectKind::request, true);
  std::vector<Recording::RequestId> many;
  for (int i = 0; i < 100; ++i) many.push_back(crowd.request(c, delay));
  crowd.reply(crowd.request(c, call_host), {.code = ret_err});
  EXPECT_EQ(outcome(rule::HST_2, failed), Outcome::breach);
  EXPECT_EQ(outcome(rule::HST_2, answered), Outcome::breach);
  EXPECT_EQ(outcome(rule::HST_2, lost), Outcome::breach);
  EXPECT_EQ(outcome(rule::HST_2, crowd), Outcome::not_exercised) << "a busy library may say so";
}

TEST_F(AHostCall, that_may_have_been_made_is_not_missed) {
  const auto h = t.reg(c);
  const auto first = t.request(c, call_host, {.payload = Payload{}}),
             second = t.request(c, call_host, {.payload = Payload{}});
  t.call_host(h, first);
  t.reply(first, {.code = ret_err});
  t.reply(second, {.code = ret_err});
  EXPECT_NE(outcome(rule::HST_2, t), Outcome::breach);
  EXPECT_NE(outcome(rule::HST_15, t), Outcome::breach);
}

TEST_F(AHostCall, of_a_context_that_is_destroyed_meanwhile_need_not_be_made) {
  t.reg(c);
  const auto r = t.request(c, call_host);
  const auto destroy = t.begin_destroy(c);
  t.reply(r, {.code = ret_err});
  t.leave(destroy);
  EXPECT_EQ(outcome(rule::HST_2, t), Outcome::not_exercised);
}

// ---- HST-16 ---------------------------------------------------------------------------------------------------------

struct WhileAwaited : Calling {
  Recording::HostFunctionId h = t.reg(c);
  Recording::RequestId asking = t.request(c, call_host);
  Recording::HostCallId call = t.call_host(h, asking);
};

TEST_F(WhileAwaited, others_are_served_and_that_passes) {
  EXPECT_EQ(outcome(rule::HST_16, t), Outcome::not_exercised);
  t.reply(t.request(c, echo));
  t.complete(call);
  EXPECT_EQ(outcome(rule::HST_16, t), Outcome::pass);
}

TEST_F(WhileAwaited, others_that_wait_for_the_answer_are_a_breach) {
  const auto r = t.request(c, echo);
  t.wait_starved(r, ObjectKind::request);
  Recording lost = t;
  t.complete(call);
  t.reply(asking);
  t.reply(r);
  lost.complete(call);
  lost.reply(asking);
  EXPECT_EQ(outcome(rule::HST_16, t), Outcome::breach);
  EXPECT_EQ(outcome(rule::REQ_1, t), Outcome::pass) << "nothing is lost";
  EXPECT_EQ(outcome(rule::HST_16, lost), Outcome::not_exercised) << "it waited for something else";
}

TEST_F(WhileAwaited, others_that_wait_for_a_host_call_of_their_own_are_none) {
  const auto r = t.request(c, echo);
  const auto own = t.call_host(h, {.text = "log"});
  t.wait_starved(r, ObjectKind::request);
  t.complete(own);
  t.complete(call);
  t.reply(r);
  EXPECT_EQ(outcome(rule::HST_16, t), Outcome::not_exercised);
}

TEST_F(WhileAwaited, others_may_wait_for_a_callback_that_runs) {
  const auto running = t.enter_reply(t.request(c, delay), {.stalled = true});
  const auto r = t.request(c, echo, {.thread = 0});
  t.wait_starved(r, ObjectKind::request);
  t.leave(running);
  t.complete(call);
  t.reply(r);
  EXPECT_NE(outcome(rule::HST_16, t), Outcome::breach);
}

// ---- HST-2: types ---------------------------------------------------------------------------------------------------

struct TypedCall : Calling {
  TypedCall() {
    t.know_types();
    t.interface.hosts[0].encoding = HostEncoding::cbor;
  }
  // Called by a proc that no role plays.
  Outcome called(Value request) {
    const auto h = t.reg(c);
    t.request(c, call_host, {.misuse = Misuse::item, .proc = 6});
    t.call_host(h, Delivery{.value = std::move(request)});
    return outcome(rule::HST_2, t);
  }
};

TEST_F(TypedCall, with_parameters_of_their_types_passes) { EXPECT_EQ(called(Map{{"key", "k"}, {"more", 1}}), Outcome::pass); }

TEST_F(TypedCall, with_a_parameter_of_another_type_is_a_breach) { EXPECT_EQ(called(Map{{"key", Bytes{1}}}), Outcome::breach); }

TEST_F(TypedCall, without_a_parameter_is_a_breach) { EXPECT_EQ(called(Map{}), Outcome::breach); }

TEST_F(TypedCall, of_raw_bytes_has_no_types) {
  t.interface.hosts[0].encoding = HostEncoding::raw;
  EXPECT_EQ(called(Map{{"key", Bytes{1}}}), Outcome::pass);
}

}  // namespace
}  // namespace ffi_cts::rules
