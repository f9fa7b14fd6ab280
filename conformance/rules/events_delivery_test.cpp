// Judges of chapter 5 on hand-written traces: what reaches whom.
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

using Delivered = OneListener;

TEST_F(Delivered, events_heard_once_pass) {
  emit();
  t.destroy(c);
  EXPECT_EQ(outcome(rule::EVT_4, t), Outcome::pass);
}

TEST_F(Delivered, an_event_heard_twice_is_a_breach) {
  emit(2);
  t.destroy(c);
  EXPECT_EQ(outcome(rule::EVT_4, t), Outcome::breach);
}

TEST_F(Delivered, an_event_missed_before_a_sentinel_is_a_breach) {
  emit(0);
  emit();
  t.destroy(c);
  EXPECT_EQ(outcome(rule::EVT_4, t), Outcome::breach);
}

TEST_F(Delivered, an_event_missed_before_a_wait_was_given_up_is_a_breach) {
  emit(0);
  t.wait(l, ObjectKind::listener, true);
  t.destroy(c);
  EXPECT_EQ(outcome(rule::EVT_4, t), Outcome::breach);
}

TEST_F(Delivered, without_a_sentinel_a_missed_event_proves_nothing) {
  emit(0);
  t.destroy(c);
  EXPECT_EQ(outcome(rule::EVT_4, t), Outcome::not_exercised);
}

TEST_F(Delivered, a_program_that_was_cut_off_is_undecided) {
  emit(0);
  t.hang();
  EXPECT_EQ(outcome(rule::EVT_4, t), Outcome::unknown);
}

TEST_F(Delivered, loss_that_the_submitter_was_told_of_is_exempt) {
  const auto r = t.request(c, RoleName::emit);
  t.reply(r, {.code = ret_err});
  emit();
  t.destroy(c);
  EXPECT_EQ(outcome(rule::EVT_4, t), Outcome::pass);
}

TEST_F(Delivered, a_listener_whose_removal_had_begun_may_miss) {
  const auto r = t.request(c, RoleName::emit);
  const auto removal = t.begin_remove(l);
  t.reply(r);
  t.leave(removal);
  t.wait(l, ObjectKind::listener, true);
  t.destroy(c);
  EXPECT_NE(outcome(rule::EVT_4, t), Outcome::breach);
}

TEST_F(Delivered, a_remove_on_another_context_with_the_same_id_takes_nothing_away) {
  const auto other = t.create();
  const auto twin = t.listen(other, {.id = l.id});
  t.remove(l);
  const auto r = t.request(c, RoleName::emit);
  t.reply(r);
  t.wait(twin, ObjectKind::listener, true);
  t.destroy(c);
  t.destroy(other);
  EXPECT_NE(outcome(rule::EVT_4, t), Outcome::breach) << "it was removed, although its twin has its id";
}

TEST_F(Delivered, a_wait_while_a_callback_is_held_is_no_silence) {
  const auto r = t.request(c, RoleName::emit);
  t.reply(r);
  const auto other = t.request(c, RoleName::echo);
  const auto held = t.enter_reply(other);
  t.wait(l, ObjectKind::listener, true);
  t.leave(held);
  t.destroy(c, {.thread = 0});
  EXPECT_NE(outcome(rule::EVT_4, t), Outcome::breach);
}

TEST_F(Delivered, an_event_whose_bytes_were_not_kept_is_not_called_missed) {
  const auto r = t.request(c, RoleName::emit);
  t.hear(l, r, {.kept = 3});
  t.reply(r);
  emit();
  t.destroy(c);
  EXPECT_EQ(outcome(rule::EVT_4, t), Outcome::pass);
}

TEST_F(Delivered, what_comes_after_a_destroyed_handle_was_used_proves_nothing) {
  const auto old = t.create();
  t.destroy(old);
  t.request(old, RoleName::echo, {.result = 1});
  emit(2);
  EXPECT_EQ(outcome(rule::EVT_4, t), Outcome::unknown);
}

TEST_F(Delivered, a_partial_burst_counts_all_its_events) {
  emit(3, {.count = 4});
  emit();
  t.destroy(c);
  EXPECT_EQ(outcome(rule::EVT_4, t), Outcome::breach);
}

using OtherNames = OneListener;

TEST_F(OtherNames, a_listener_of_a_longer_name_that_hears_nothing_passes) {
  t.listen(c, {.name = NameKind::extended});
  emit();
  EXPECT_EQ(outcome(rule::EVT_5, t), Outcome::pass);
}

TEST_F(OtherNames, a_prefix_that_hears_the_event_is_a_breach) {
  const auto prefix = t.listen(c, {.name = NameKind::prefix});
  const auto r = emit();
  t.hear(prefix, r);
  EXPECT_EQ(outcome(rule::EVT_5, t), Outcome::breach);
  EXPECT_EQ(outcome(rule::EVT_4, t), Outcome::pass);
}

TEST_F(OtherNames, its_own_events_exercise_nothing) {
  emit();
  EXPECT_EQ(outcome(rule::EVT_5, t), Outcome::not_exercised);
}

TEST_F(OtherNames, events_that_the_interface_does_not_declare_are_ignored) {
  const auto other = t.listen(c, {.name = NameKind::other});
  const auto r = emit();
  t.hear(other, r, {.value = Value(Map{{"eventType", "internal"}, {"payload", Nil{}}})});
  EXPECT_EQ(outcome(rule::EVT_5, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::EVT_11, t), Outcome::pass);
}

using Order = OneListener;

TEST_F(Order, events_heard_in_the_order_emitted_pass) {
  emit();
  emit();
  EXPECT_EQ(outcome(rule::EVT_6, t), Outcome::pass);
}

TEST_F(Order, events_heard_the_other_way_round_are_a_breach) {
  const auto first = emit(0);
  emit();
  t.hear(l, first);
  EXPECT_EQ(outcome(rule::EVT_6, t), Outcome::breach);
}

TEST_F(Order, requests_in_flight_together_may_come_in_any_order) {
  const auto first = t.request(c, RoleName::emit);
  const auto second = t.request(c, RoleName::emit);
  t.hear(l, second);
  t.hear(l, first);
  t.reply(first);
  t.reply(second);
  EXPECT_EQ(outcome(rule::EVT_6, t), Outcome::pass);
}

TEST_F(Order, one_event_exercises_nothing) {
  emit();
  EXPECT_EQ(outcome(rule::EVT_6, t), Outcome::not_exercised);
}

struct Audience : testing::Test {
  Recording t;
  Recording::ContextId c = t.create();
};

TEST_F(Audience, names_before_wildcards_in_the_order_added_pass) {
  const auto any = t.listen(c, {.name = NameKind::wildcard});
  const auto first = t.listen(c), second = t.listen(c);
  const auto r = t.request(c, RoleName::emit);
  for (const auto& l : {first, second, any}) t.hear(l, r);
  t.reply(r);
  EXPECT_EQ(outcome(rule::EVT_20, t), Outcome::pass);
}

TEST_F(Audience, a_wildcard_before_a_name_is_a_breach) {
  const auto any = t.listen(c, {.name = NameKind::wildcard}), l = t.listen(c);
  const auto r = t.request(c, RoleName::emit);
  t.hear(any, r);
  t.hear(l, r);
  EXPECT_EQ(outcome(rule::EVT_20, t), Outcome::breach);
}

TEST_F(Audience, the_later_added_before_the_earlier_is_a_breach) {
  const auto first = t.listen(c), second = t.listen(c);
  const auto r = t.request(c, RoleName::emit);
  t.hear(second, r);
  t.hear(first, r);
  EXPECT_EQ(outcome(rule::EVT_20, t), Outcome::breach);
}

TEST_F(Audience, additions_that_overlap_have_no_order) {
  const auto first = t.begin_listen(c, {.thread = 0}), second = t.begin_listen(c, {.thread = 1});
  t.leave(first);
  t.leave(second);
  const auto r = t.request(c, RoleName::emit);
  t.hear(second, r);
  t.hear(first, r);
  EXPECT_EQ(outcome(rule::EVT_20, t), Outcome::pass);
}

struct Wildcards : testing::TestWithParam<NameKind> {
  Recording t;
  Recording::ContextId c = t.create();
  Recording::ListenerId any = t.listen(c, {.name = GetParam()}), named = t.listen(c);
};

TEST_P(Wildcards, that_hear_pass) {
  const auto r = t.request(c, RoleName::emit);
  t.hear(named, r);
  t.hear(any, r);
  t.reply(r);
  EXPECT_EQ(outcome(rule::EVT_14, t), Outcome::pass);
}

TEST_P(Wildcards, that_are_deaf_are_a_breach) {
  const auto r = t.request(c, RoleName::emit);
  t.hear(named, r);
  t.reply(r);
  t.wait(any, ObjectKind::listener, true);
  EXPECT_EQ(outcome(rule::EVT_14, t), Outcome::breach);
  EXPECT_EQ(outcome(rule::EVT_4, t), Outcome::breach);
}

TEST_P(Wildcards, of_a_library_without_them_are_not_judged) {
  t.interface.contract.wildcard = false;
  const auto r = t.request(c, RoleName::emit);
  t.reply(r);
  t.wait(any, ObjectKind::listener, true);
  EXPECT_EQ(outcome(rule::EVT_14, t), Outcome::not_exercised);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Wildcards, testing::Values(NameKind::null, NameKind::wildcard));

TEST(Wildcard, a_crash_inside_the_addition_of_null_is_its_breach) {
  Recording t;
  const auto c = t.create();
  t.begin_listen(c, {.name = NameKind::null});
  t.crash();
  const Verdict verdict = judge(rule::EVT_14, t.trace());
  EXPECT_EQ(verdict.outcome, Outcome::breach);
  EXPECT_TRUE(verdict.owns_ending);
}

}  // namespace
}  // namespace ffi_cts::rules
