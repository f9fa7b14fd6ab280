// Judges of chapter 5 on hand-written traces: what an event carries.
#include <gtest/gtest.h>

#include "conformance/rules/common.hpp"
#include "harness/trace/recording.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;

Outcome outcome(spec::RuleId id, const Recording& t) {
  const Verdict verdict = judge(id, t.trace());
  const bool told = !verdict.expected.empty() && !verdict.seen.empty() && !verdict.proof.empty();
  EXPECT_EQ(verdict.outcome == Outcome::breach, told);
  return verdict.outcome;
}

// One context with a listener; each event is emitted, heard and answered before the next.
struct OneListener : testing::Test {
  Recording t;
  Recording::ContextId c = t.create();
  Recording::ListenerId l = t.listen(c);

  Recording::RequestId emit(int times_heard = 1, With with = {}) {
    const auto r = t.request(c, RoleName::emit, with);
    for (int i = 0; i < times_heard; ++i) t.hear(l, r);
    t.reply(r);
    return r;
  }
};

// ---- Payloads -------------------------------------------------------------------------------------------------------

using Envelope = OneListener;

TEST_F(Envelope, the_map_of_both_keys_passes) {
  EXPECT_EQ(outcome(rule::EVT_11, t), Outcome::not_exercised);
  emit();
  EXPECT_EQ(outcome(rule::EVT_11, t), Outcome::pass);
}

TEST_F(Envelope, anything_else_is_a_breach) {
  const auto r = t.request(c, RoleName::emit);
  for (const Value& value :
       {Value(3), Value(Map{{"payload", 1}}), Value(Map{{"eventType", "tick"}}),
        Value(Map{{"eventType", 7}, {"payload", 1}}), Value(Map{{"eventType", "tack"}, {"payload", 1}})}) {
    Recording bad = t;
    bad.hear(l, r, {.value = value});
    EXPECT_EQ(outcome(rule::EVT_11, bad), Outcome::breach) << to_text(value);
  }
  t.hear(l, r, {.bytes = Bytes{0xff}});
  EXPECT_EQ(outcome(rule::EVT_11, t), Outcome::breach);
}

struct TypedPayload : OneListener {
  TypedPayload() {
    t.know_types();
    t.interface.events[0].payload_cddl = t.type("{ text: tstr, ? index: uint }");
  }
  Outcome heard(Value payload) {
    t.hear(l, t.request(c, RoleName::emit), {.value = Value(Map{{"eventType", "tick"}, {"payload", std::move(payload)}})});
    return outcome(rule::EVT_11, t);
  }
};

TEST_F(TypedPayload, of_its_type_passes_and_may_hold_more) {
  EXPECT_EQ(heard(Map{{"text", "x"}}), Outcome::pass);
  EXPECT_EQ(heard(Map{{"text", "x"}, {"index", 1}, {"more", true}}), Outcome::pass);
}

TEST_F(TypedPayload, of_another_type_is_a_breach) { EXPECT_EQ(heard(Map{{"text", "x"}, {"index", "first"}}), Outcome::breach); }

TEST_F(TypedPayload, without_a_key_is_a_breach) { EXPECT_EQ(heard(Map{{"index", 1}}), Outcome::breach); }

TEST_F(TypedPayload, that_was_not_kept_whole_decides_nothing) {
  t.hear(l, t.request(c, RoleName::emit), {.value = Value(Map{{"eventType", "tick"}, {"payload", 3}}), .kept = 4});
  EXPECT_EQ(outcome(rule::EVT_11, t), Outcome::not_exercised);
}

struct TwoListeners : testing::Test {
  Recording t;
  Recording::ContextId c = t.create();
  Recording::ListenerId one = t.listen(c), two = t.listen(c);
};

TEST_F(TwoListeners, that_see_the_same_bytes_pass) {
  const auto r = t.request(c, RoleName::emit);
  t.hear(one, r);
  EXPECT_EQ(outcome(rule::EVT_12, t), Outcome::not_exercised);
  t.hear(two, r);
  EXPECT_EQ(outcome(rule::EVT_12, t), Outcome::pass);
}

TEST_F(TwoListeners, of_which_the_second_sees_garbage_are_a_breach) {
  const auto r = t.request(c, RoleName::emit);
  t.hear(one, r);
  const auto size = t.trace().callbacks.back().size;
  t.hear(two, r, {.bytes = Bytes(size, 0xff)});
  EXPECT_EQ(outcome(rule::EVT_12, t), Outcome::breach);
}

TEST_F(TwoListeners, of_which_the_second_sees_other_bytes_are_a_breach) {
  const auto r = t.request(c, RoleName::emit);
  t.hear(one, r);
  Value value = *t.trace().callbacks.back().value;
  Map map = *value.map();
  map.emplace_back("more", 1);
  t.hear(two, r, {.value = Value(map)});
  EXPECT_EQ(outcome(rule::EVT_12, t), Outcome::breach);
}

TEST_F(TwoListeners, whose_bytes_change_under_them_are_a_breach) {
  const auto r = t.request(c, RoleName::emit);
  t.hear(one, r);
  t.hear(two, r, {.changed = true});
  EXPECT_EQ(outcome(rule::EVT_12, t), Outcome::breach);
}

struct FailedEvents : testing::Test {
  Recording t;
  Recording::ContextId c = t.create();
  Recording::ListenerId l = t.listen(c, {.role = RoleName::emit_fail});

  void fail(bool heard, Delivery delivery = {}) {
    const auto r = t.request(c, RoleName::emit_fail);
    if (heard) t.hear(l, r, delivery);
    t.reply(r);
  }
};

TEST_F(FailedEvents, heard_with_text_pass) {
  EXPECT_EQ(outcome(rule::EVT_18, t), Outcome::not_exercised);
  fail(true);
  EXPECT_EQ(outcome(rule::EVT_18, t), Outcome::pass);
}

TEST_F(FailedEvents, heard_with_an_empty_text_are_a_breach) {
  fail(true, {.text = ""});
  EXPECT_EQ(outcome(rule::EVT_18, t), Outcome::breach);
}

TEST_F(FailedEvents, swallowed_are_a_breach_once_the_library_fell_silent) {
  fail(false);
  EXPECT_EQ(outcome(rule::EVT_18, t), Outcome::not_exercised);
  t.wait(l, ObjectKind::listener, true);
  EXPECT_EQ(outcome(rule::EVT_18, t), Outcome::breach);
}

TEST_F(FailedEvents, cut_off_are_undecided) {
  fail(false);
  t.crash();
  EXPECT_EQ(outcome(rule::EVT_18, t), Outcome::unknown);
}

}  // namespace
}  // namespace ffi_cts::rules
