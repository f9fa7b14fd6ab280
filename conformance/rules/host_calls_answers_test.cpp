// Judges of chapter 6 on hand-written traces: what a completion brings, and what it waits for.
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

// ---- HST-14, HST-15, HST-18 -----------------------------------------------------------------------------------------

using AnError = Pending;

TEST_F(AnError, that_arrives_with_its_text_passes) {
  t.complete(call, {.code = ret_err});
  t.reply(r);
  EXPECT_EQ(outcome(rule::HST_14, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::HST_18, t), Outcome::not_exercised);
}

TEST_F(AnError, that_arrives_as_a_success_or_without_its_text_is_a_breach) {
  const auto failed = t.complete(call, {.code = ret_err});
  Recording success = t;
  success.reply(r, {.code = ret_ok, .value = text(t.answer(failed))});
  t.reply(r, {.code = ret_err, .text = "failed"});
  EXPECT_EQ(broken(success), "HST-14");
  EXPECT_EQ(broken(t), "HST-14");
}

TEST_F(AnError, without_a_text_may_get_any) {
  t.complete(call, {.payload = Payload{}, .code = ret_err});
  t.reply(r, {.code = ret_err, .text = "failed"});
  EXPECT_EQ(broken(t), "");
}

TEST_F(AnError, with_another_code_is_one_too) {
  const auto failed = t.complete(call, {.code = 3});
  Recording success = t;
  success.reply(r, {.code = ret_ok, .value = text(t.answer(failed))});
  t.reply(r, {.code = ret_err, .text = t.answer(failed)});
  EXPECT_EQ(broken(success), "HST-18");
  EXPECT_EQ(outcome(rule::HST_18, t), Outcome::pass);
  EXPECT_EQ(broken(t), "");
}

using Emptiness = Pending;

TEST_F(Emptiness, of_an_answer_works) {
  t.complete(call, {.payload = Payload{}});
  Recording lost = t;
  t.reply(r);
  EXPECT_EQ(outcome(rule::HST_15, t), Outcome::pass);
  lost.wait(r, ObjectKind::request, true);
  EXPECT_EQ(broken(lost), "HST-15");
}

TEST_F(Emptiness, of_a_question_works) {
  t.complete(call);
  t.reply(r);
  EXPECT_EQ(outcome(rule::HST_15, t), Outcome::not_exercised);
  const auto s = t.request(c, call_host, {.payload = Payload{}});
  Recording uncalled = t;
  t.complete(t.call_host(h, s));
  t.reply(s);
  EXPECT_EQ(outcome(rule::HST_15, t), Outcome::pass);
  uncalled.reply(s, {.code = ret_err, .text = "no key"});
  EXPECT_EQ(broken(uncalled), "HST-15");
}

TEST_F(Emptiness, is_not_NULL_with_a_length) {
  Recording accepted = t, late = t;
  t.complete(call, {.result = 1, .misuse = Misuse::null_payload});
  t.complete(call);
  t.reply(r);
  EXPECT_EQ(outcome(rule::HST_15, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::HST_18, t), Outcome::pass) << "the call stayed pending";
  accepted.complete(call, {.misuse = Misuse::null_payload});
  EXPECT_EQ(outcome(rule::HST_15, accepted), Outcome::breach);
  late.complete(call);
  late.reply(r);
  late.complete(call, {.misuse = Misuse::null_payload});
  EXPECT_EQ(broken(late), "") << "nothing was pending any more: it may be dropped";
}

TEST_F(Emptiness, that_crashes_is_its_breach) {
  Recording second = t;
  t.begin_complete(call, {.misuse = Misuse::null_payload});
  t.crash();
  EXPECT_TRUE(owns_ending(rule::HST_15, t));
  second.complete(call);
  second.reply(r);
  second.begin_complete(call, {.misuse = Misuse::null_payload});
  second.crash();
  EXPECT_TRUE(owns_ending(rule::HST_15, second)) << "that it came second is not what is wrong about it";
  EXPECT_FALSE(owns_ending(rule::HST_4, second));
}

using ARefusedCompletion = Pending;

TEST_F(ARefusedCompletion, that_counts_or_ends_the_call_is_a_breach) {
  Recording counts = t, ends = t;
  const auto refused = counts.complete(call, {.result = 1});
  counts.reply(r, {.value = text(counts.answer(refused))});
  EXPECT_EQ(broken(counts), "HST-18");
  ends.complete(call, {.result = 1, .misuse = Misuse::null_payload});
  ends.complete(call);
  ends.wait(r, ObjectKind::request, true);
  EXPECT_EQ(broken(ends), "HST-18");
}

using ARace = Pending;

TEST_F(ARace, that_either_wins_passes) {
  const auto one = t.begin_complete(call, {.thread = 0}), two = t.begin_complete(call, {.thread = 1});
  t.leave(one);
  t.leave(two);
  for (const auto& winner : {one, two}) {
    Recording run = t;
    run.reply(r, {.value = text(t.answer(winner))});
    EXPECT_EQ(outcome(rule::HST_18, run), Outcome::pass);
    EXPECT_EQ(outcome(rule::HST_4, run), Outcome::not_exercised);
  }
  t.reply(r, {.value = text("neither")});
  EXPECT_EQ(broken(t), "HST-18");
}

TEST_F(ARace, that_both_win_is_a_breach) {
  const auto one = t.begin_complete(call, {.thread = 0}), two = t.begin_complete(call, {.thread = 1});
  t.leave(one);
  t.leave(two);
  t.reply(r, {.value = text(t.answer(one))});
  t.reply(r, {.value = text(t.answer(two))});
  EXPECT_EQ(outcome(rule::HST_18, t), Outcome::breach);
}

// ---- HST-17 ---------------------------------------------------------------------------------------------------------

struct Busy : Pending {
  Recording::CallbackId running = t.enter_reply(t.request(c, echo), {.stalled = true});
};

using BesideABusyLoop = Busy;

TEST_F(BesideABusyLoop, completing_that_returns_passes) {
  t.complete(call, {.thread = 0});
  t.leave(running);
  EXPECT_EQ(outcome(rule::HST_17, t), Outcome::pass);
}

TEST_F(BesideABusyLoop, completing_that_waits_is_a_breach) {
  const auto waits = t.begin_complete(call, {.thread = 0});
  t.stand_still();
  t.leave(running);
  t.leave(waits);
  EXPECT_EQ(outcome(rule::HST_17, t), Outcome::breach);
}

TEST_F(BesideABusyLoop, completing_that_lasts_a_little_longer_is_chance) {
  t.stand_still();
  const auto lasts = t.begin_complete(call, {.thread = 0});
  t.leave(running);
  t.leave(lasts);
  EXPECT_EQ(outcome(rule::HST_17, t), Outcome::not_exercised);
}

TEST_F(BesideABusyLoop, completing_that_hangs_is_its_breach_and_crashing_is_not) {
  t.begin_complete(call, {.thread = 0});
  Recording crashed = t;
  t.hang();
  crashed.crash();
  EXPECT_TRUE(owns_ending(rule::HST_17, t));
  EXPECT_FALSE(owns_ending(rule::HST_17, crashed));
}

}  // namespace
}  // namespace ffi_cts::rules
