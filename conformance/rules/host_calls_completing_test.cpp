// Judges of chapter 6 on hand-written traces: completing.
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

// The rules of chapter 6 that a trace breaks, in words.
std::string broken(const Recording& t) {
  const Trace trace = t.trace();
  std::string out;
  for (const Judge& each : host_calls())
    if (each.judge(trace).outcome == Outcome::breach) out += (out.empty() ? "" : " ") + std::string(each.rule.id());
  return out;
}

Value text(const std::string& words) {
  return Value(words);
}

// A call that is pending.
struct Pending : testing::Test {
  Recording t;
  Recording::ContextId c = t.create();
  Recording::HostFunctionId h = t.reg(c);
  Recording::RequestId r = t.request(c, call_host);
  Recording::HostCallId call = t.call_host(h, r);

  void silence() { t.wait(r, ObjectKind::request, true); }
};

// ---- HST-3 ----------------------------------------------------------------------------------------------------------

using ACompletion = Pending;

TEST_F(ACompletion, that_brings_its_bytes_passes) {
  EXPECT_EQ(outcome(rule::HST_3, t), Outcome::not_exercised);
  t.complete(call, {.thread = 2});
  t.reply(r);
  EXPECT_EQ(outcome(rule::HST_3, t), Outcome::pass);
  EXPECT_EQ(broken(t), "");
}

TEST_F(ACompletion, that_brings_others_is_a_breach) {
  t.complete(call);
  t.reply(r, {.value = text("something else")});
  EXPECT_EQ(broken(t), "HST-3");
}

TEST_F(ACompletion, that_arrives_as_an_error_is_a_breach) {
  t.complete(call);
  t.reply(r, {.code = ret_err});
  EXPECT_EQ(broken(t), "HST-3");
}

TEST_F(ACompletion, that_is_lost_is_a_breach_once_nothing_moves_any_more) {
  t.complete(call);
  EXPECT_EQ(outcome(rule::HST_3, t), Outcome::not_exercised);
  silence();
  EXPECT_EQ(broken(t), "HST-3");
  const auto destroy = t.begin_destroy(c);
  t.reply(r, {.code = ret_err});
  t.leave(destroy);
  EXPECT_EQ(broken(t), "HST-3") << "that destroy fails it makes up for nothing";
}

TEST_F(ACompletion, that_is_missing_is_a_breach_when_the_request_is_answered_all_the_same) {
  t.reply(r);
  EXPECT_EQ(broken(t), "HST-3");
}

TEST_F(ACompletion, that_is_refused_is_a_breach) {
  t.complete(call, {.result = 1});
  EXPECT_EQ(broken(t), "HST-18") << "and the host may try again, as long as nobody is lost";
}

TEST_F(ACompletion, beside_a_destroy_may_come_to_nothing) {
  const auto destroy = t.begin_destroy(c, {.thread = 1});
  t.complete(call, {.thread = 0});
  t.reply(r, {.code = ret_err});
  t.leave(destroy);
  EXPECT_EQ(broken(t), "");
}

TEST_F(ACompletion, of_a_payload_that_was_not_kept_says_nothing) {
  t.complete(call, {.payload = Payload{2u << 20, 1}});
  t.reply(r, {.code = ret_err});
  EXPECT_EQ(broken(t), "") << "above 1 MiB an error is an answer too";
}

TEST_F(ACompletion, that_crashes_is_its_breach) {
  Recording inside = t, loop = t;
  inside.begin_complete(call);
  inside.crash();
  loop.complete(call);
  loop.crash();
  EXPECT_TRUE(owns_ending(rule::HST_3, inside));
  EXPECT_TRUE(owns_ending(rule::HST_3, loop));
  loop.request(c, echo);
  EXPECT_FALSE(owns_ending(rule::HST_3, loop)) << "it may have been the echo";
}

// ---- HST-4, HST-5 ---------------------------------------------------------------------------------------------------

using ASecondCompletion = Pending;

TEST_F(ASecondCompletion, that_is_dropped_passes) {
  const auto first = t.complete(call);
  t.complete(call);
  t.reply(r, {.value = text(t.answer(first))});
  t.complete(call, {.result = 1});
  EXPECT_EQ(outcome(rule::HST_4, t), Outcome::pass);
  EXPECT_EQ(broken(t), "");
}

TEST_F(ASecondCompletion, that_counts_is_a_breach) {
  t.complete(call);
  t.complete(call);
  t.reply(r);
  EXPECT_EQ(broken(t), "HST-4");
}

TEST_F(ASecondCompletion, that_answers_another_call_is_a_breach) {
  const auto other = t.request(c, call_host);
  const auto younger = t.call_host(h, other);
  t.complete(call);
  t.reply(r);
  t.complete(call);
  t.reply(other);
  EXPECT_EQ(broken(t), "HST-4");
  t.complete(younger);
}

TEST_F(ASecondCompletion, that_crashes_or_hangs_is_its_breach) {
  t.complete(call);
  t.begin_complete(call);
  Recording hung = t;
  t.crash();
  hung.hang();
  EXPECT_TRUE(owns_ending(rule::HST_4, t));
  EXPECT_TRUE(owns_ending(rule::HST_4, hung));
  EXPECT_FALSE(owns_ending(rule::HST_3, t));
  EXPECT_FALSE(owns_ending(rule::HST_17, hung));
}

using AnUnknownCompletion = Pending;

TEST_F(AnUnknownCompletion, that_is_dropped_passes_whatever_it_returns) {
  t.complete(call, {.id = 4711});
  t.complete(call, {.result = 1, .id = 0});
  t.complete(call);
  t.reply(r);
  EXPECT_EQ(outcome(rule::HST_5, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::HST_4, t), Outcome::not_exercised);
  EXPECT_EQ(broken(t), "");
}

TEST_F(AnUnknownCompletion, that_answers_a_call_is_a_breach) {
  t.complete(call, {.id = 4711});
  t.reply(r);
  EXPECT_EQ(broken(t), "HST-5");
}

TEST_F(AnUnknownCompletion, with_another_contexts_handle_is_one_too) {
  const auto other = t.create();
  Recording good = t;
  const Recording::HostCallId stray{other.instance, call.function, call.id};
  t.complete(stray);
  t.reply(r, {.value = text("answer")});
  EXPECT_EQ(broken(t), "HST-5");
  good.complete(stray);
  good.complete(call);
  good.reply(r);
  EXPECT_EQ(outcome(rule::HST_5, good), Outcome::pass);
}

TEST_F(AnUnknownCompletion, that_crashes_is_its_breach) {
  t.begin_complete(call, {.id = 4711});
  t.crash();
  EXPECT_TRUE(owns_ending(rule::HST_5, t));
}

TEST_F(AnUnknownCompletion, is_none_when_the_id_is_given_out_later) {
  t.complete(call, {.id = 2});
  const auto other = t.request(c, call_host);
  t.call_host(h, other);
  EXPECT_EQ(outcome(rule::HST_5, t), Outcome::pass) << "it is a completion of an id that was not out yet";
  EXPECT_EQ(broken(t), "");
}

// ---- HST-6, HST-7 ---------------------------------------------------------------------------------------------------

struct Inside : testing::Test {
  Recording t;
  Recording::ContextId c = t.create();
  Recording::HostFunctionId h = t.reg(c);
  Recording::RequestId r = t.request(c, call_host);
  Recording::CallbackId running = t.enter_host_call(h, r);
  Recording::HostCallId call = t.host_call_of(running);
};

using CompletingInside = Inside;

TEST_F(CompletingInside, and_answered_passes) {
  t.complete(call);
  t.leave(running);
  t.reply(r);
  EXPECT_EQ(outcome(rule::HST_6, t), Outcome::pass);
  EXPECT_EQ(broken(t), "");
}

TEST_F(CompletingInside, and_lost_is_a_breach) {
  t.complete(call);
  t.leave(running);
  t.wait(r, ObjectKind::request, true);
  EXPECT_EQ(broken(t), "HST-6");
}

TEST_F(CompletingInside, that_hangs_is_its_breach) {
  t.begin_complete(call);
  t.hang();
  EXPECT_TRUE(owns_ending(rule::HST_6, t));
  EXPECT_FALSE(owns_ending(rule::HST_17, t));
}

TEST_F(CompletingInside, another_call_is_none_of_it) {
  t.leave(running);
  const auto other = t.request(c, call_host);
  const auto again = t.enter_host_call(h, other);
  t.complete(call);
  t.leave(again);
  t.reply(r);
  EXPECT_EQ(outcome(rule::HST_6, t), Outcome::not_exercised);
  EXPECT_EQ(outcome(rule::HST_7, t), Outcome::not_exercised);
}

struct TwoPending : Pending {
  Recording::RequestId s = t.request(c, call_host);
  Recording::HostCallId younger = t.call_host(h, s);
};

using AnyOrder = TwoPending;

TEST_F(AnyOrder, that_resolves_the_right_calls_passes) {
  const auto first = t.complete(younger), second = t.complete(call);
  t.reply(r, {.value = text(t.answer(second))});
  t.reply(s, {.value = text(t.answer(first))});
  EXPECT_EQ(outcome(rule::HST_7, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::HST_3, t), Outcome::not_exercised);
  EXPECT_EQ(broken(t), "");
}

TEST_F(AnyOrder, that_crosses_them_is_a_breach) {
  const auto first = t.complete(younger), second = t.complete(call);
  t.reply(r, {.value = text(t.answer(first))});
  t.reply(s, {.value = text(t.answer(second))});
  EXPECT_EQ(broken(t), "HST-7");
}

TEST_F(AnyOrder, that_resolves_the_oldest_is_a_breach) {
  t.complete(younger);
  t.reply(r);
  EXPECT_EQ(broken(t), "HST-7");
}

TEST_F(AnyOrder, that_is_the_one_they_were_made_in_is_none) {
  const auto first = t.complete(call), second = t.complete(younger);
  t.reply(r, {.value = text(t.answer(second))});
  t.reply(s, {.value = text(t.answer(first))});
  EXPECT_EQ(broken(t), "HST-3");
  EXPECT_EQ(outcome(rule::HST_7, t), Outcome::not_exercised);
}

}  // namespace
}  // namespace ffi_cts::rules
