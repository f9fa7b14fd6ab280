// Judges of chapter 6 on hand-written traces: the end of a context.
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

// ---- HST-11, HST-12 -------------------------------------------------------------------------------------------------

using PendingAtTheEnd = Pending;

TEST_F(PendingAtTheEnd, and_failed_passes) {
  const auto destroy = t.begin_destroy(c);
  t.reply(r, {.code = ret_err});
  t.leave(destroy);
  EXPECT_EQ(outcome(rule::HST_11, t), Outcome::pass);
  EXPECT_EQ(broken(t), "");
}

TEST_F(PendingAtTheEnd, and_abandoned_is_a_breach) {
  t.destroy(c);
  EXPECT_EQ(broken(t), "HST-11");
}

TEST_F(PendingAtTheEnd, and_answered_otherwise_is_a_breach) {
  Recording succeeds = t, late = t, twice = t;
  for (Recording* run : {&succeeds, &twice}) {
    const auto destroy = run->begin_destroy(c);
    if (run == &twice) run->reply(r, {.code = ret_err});
    run->reply(r, {.code = run == &twice ? ret_err : ret_ok});
    run->leave(destroy);
    EXPECT_EQ(broken(*run), "HST-11");
  }
  late.destroy(c);
  late.reply(r, {.code = ret_err});
  EXPECT_EQ(broken(late), "HST-11");
}

TEST_F(PendingAtTheEnd, is_not_what_was_completed_meanwhile) {
  const auto destroy = t.begin_destroy(c, {.thread = 1});
  t.complete(call, {.thread = 0});
  t.reply(r);
  t.leave(destroy);
  EXPECT_EQ(outcome(rule::HST_11, t), Outcome::not_exercised);
}

TEST_F(PendingAtTheEnd, stays_open_while_no_destroy_succeeds) {
  t.destroy(c, {.result = 1});
  EXPECT_EQ(outcome(rule::HST_11, t), Outcome::not_exercised);
}

struct Late : Pending {
  Late() {
    const auto destroy = t.begin_destroy(c);
    t.reply(r, {.code = ret_err});
    t.leave(destroy);
  }
};

using ALateCompletion = Late;

TEST_F(ALateCompletion, that_is_refused_or_dropped_passes) {
  EXPECT_EQ(outcome(rule::HST_12, t), Outcome::not_exercised);
  t.complete(call);
  t.complete(call, {.result = 1});
  EXPECT_EQ(outcome(rule::HST_12, t), Outcome::pass);
  EXPECT_EQ(broken(t), "");
}

TEST_F(ALateCompletion, that_answers_the_next_owners_call_is_a_breach) {
  const auto next = t.create();
  const auto s = t.request(next, call_host);
  const auto g = t.reg(next);
  const auto open = t.call_host(g, s, {.call_id = call.id});
  Recording good = t;
  const auto late = t.complete(call);
  t.reply(s, {.value = text(t.answer(late))});
  EXPECT_EQ(broken(t), "HST-12 HST-20");
  good.complete(call);
  const auto right = good.complete(open);
  good.reply(s, {.value = text(good.answer(right))});
  EXPECT_EQ(broken(good), "HST-20") << "the ids should have differed";
}

TEST_F(ALateCompletion, that_crashes_is_its_breach) {
  t.begin_complete(call);
  t.crash();
  EXPECT_TRUE(owns_ending(rule::HST_12, t));
  EXPECT_FALSE(owns_ending(rule::HST_4, t));
}

TEST_F(ALateCompletion, beside_other_calls_with_that_handle_is_judged_by_itself) {
  const auto next = t.create();
  t.request(c, echo, {.result = 1});
  const auto s = t.request(next, call_host);
  const auto g = t.reg(next);
  t.call_host(g, s);
  t.complete(call);
  t.reply(s);
  EXPECT_EQ(outcome(rule::HST_12, t), Outcome::pass) << "the request may have done it (END-6)";
}

}  // namespace
}  // namespace ffi_cts::rules
