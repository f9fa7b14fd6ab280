// Judges of chapter 5 on hand-written traces: removing and adding.
#include <gtest/gtest.h>

#include "conformance/rules/common.hpp"
#include "harness/trace/recording.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;

Outcome outcome(spec::RuleId id, const Recording& t) {
  return judge(id, t.trace()).outcome;
}

struct Removal : testing::Test {
  Recording t;
  Recording::ContextId c = t.create();
  Recording::ListenerId l = t.listen(c);
  Recording::ListenerId other = t.listen(c);

  Recording::RequestId emit(std::initializer_list<Recording::ListenerId> audience) {
    const auto r = t.request(c, RoleName::emit);
    for (const auto& listener : audience) t.hear(listener, r);
    t.reply(r);
    return r;
  }
};

// ---- EVT-7 ----------------------------------------------------------------------------------------------------------

using RemovingNothing = Removal;

TEST_F(RemovingNothing, that_fails_passes) {
  t.remove_id(c, 0);
  t.remove_id(c, 12345);
  t.remove(l);
  t.remove(l, {.result = 1});
  EXPECT_EQ(outcome(rule::EVT_7, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::EVT_8, t), Outcome::pass);
}

TEST_F(RemovingNothing, that_returns_0_is_a_breach) {
  Recording zero = t, unknown = t, twice = t;
  zero.remove_id(c, 0, {.result = 0});
  unknown.remove_id(c, 12345, {.result = 0});
  twice.remove(l);
  twice.remove(l);
  EXPECT_EQ(outcome(rule::EVT_7, zero), Outcome::breach);
  EXPECT_EQ(outcome(rule::EVT_7, unknown), Outcome::breach);
  EXPECT_EQ(outcome(rule::EVT_7, twice), Outcome::breach);
}

TEST_F(RemovingNothing, is_not_what_removing_a_listener_is) {
  t.remove(l);
  EXPECT_EQ(outcome(rule::EVT_7, t), Outcome::not_exercised);
}

TEST_F(RemovingNothing, is_not_certain_while_an_addition_runs) {
  const auto adding = t.begin_listen(c, {.thread = 1, .id = 77});
  t.remove_id(c, 77, {.thread = 0, .result = 0});
  t.leave(adding);
  EXPECT_EQ(outcome(rule::EVT_7, t), Outcome::not_exercised);
}

TEST_F(RemovingNothing, that_silences_another_is_a_breach) {
  emit({l, other});
  t.remove_id(c, 12345);
  emit({l});
  t.wait(other, ObjectKind::listener, true);
  EXPECT_EQ(outcome(rule::EVT_7, t), Outcome::breach);
}

TEST_F(RemovingNothing, that_crashes_is_its_breach) {
  auto no_one = l;
  no_one.id = 0;
  t.begin_remove(no_one);
  t.crash();
  EXPECT_TRUE(judge(rule::EVT_7, t.trace()).owns_ending);
}

// ---- EVT-8 ----------------------------------------------------------------------------------------------------------

using RemovedOutside = Removal;

TEST_F(RemovedOutside, and_silent_from_then_on_passes) {
  EXPECT_EQ(outcome(rule::EVT_8, t), Outcome::not_exercised);
  emit({l, other});
  t.remove(l);
  emit({other});
  t.destroy(c);
  EXPECT_EQ(outcome(rule::EVT_8, t), Outcome::pass);
}

TEST_F(RemovedOutside, and_entered_later_is_a_breach) {
  t.remove(l);
  emit({l});
  EXPECT_EQ(outcome(rule::EVT_8, t), Outcome::breach);
}

TEST_F(RemovedOutside, while_it_was_running_is_a_breach) {
  const auto r = t.request(c, RoleName::emit);
  const auto running = t.enter_hear(l, r);
  t.remove(l, {.thread = 0});
  t.leave(running);
  EXPECT_EQ(outcome(rule::EVT_8, t), Outcome::breach);
}

TEST_F(RemovedOutside, with_a_callback_during_the_remove_passes) {
  const auto r = t.request(c, RoleName::emit);
  const auto removal = t.begin_remove(l);
  t.hear(l, r);
  t.leave(removal);
  t.reply(r);
  EXPECT_EQ(outcome(rule::EVT_8, t), Outcome::pass);
}

TEST_F(RemovedOutside, by_two_at_once_one_succeeds) {
  Recording both = t, none = t;
  const auto race = [&](Recording& run, int first, int second) {
    const auto a = run.begin_remove(l, {.thread = 0}), b = run.begin_remove(l, {.thread = 1});
    run.leave(a, first);
    run.leave(b, second);
    return outcome(rule::EVT_8, run);
  };
  EXPECT_EQ(race(t, 1, 0), Outcome::pass);
  EXPECT_EQ(race(both, 0, 0), Outcome::breach);
  EXPECT_EQ(race(none, 1, 1), Outcome::breach);
}

TEST_F(RemovedOutside, beside_a_destroy_may_find_the_context_gone) {
  const auto destroy = t.begin_destroy(c, {.thread = 1});
  t.remove(l, {.thread = 0, .result = 1});
  t.leave(destroy);
  EXPECT_EQ(outcome(rule::EVT_8, t), Outcome::pass);
}

// ---- EVT-9 ----------------------------------------------------------------------------------------------------------

using RemovedInside = Removal;

TEST_F(RemovedInside, itself_and_silent_from_then_on_passes) {
  const auto r = t.request(c, RoleName::emit);
  const auto running = t.enter_hear(l, r);
  t.remove(l);
  t.leave(running);
  t.hear(other, r);
  t.reply(r);
  emit({other});
  t.destroy(c);
  EXPECT_EQ(outcome(rule::EVT_9, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::EVT_8, t), Outcome::pass);
}

TEST_F(RemovedInside, a_running_one_of_another_context_without_waiting_passes) {
  const auto elsewhere = t.create();
  const auto running = t.enter_hear(l, t.request(c, RoleName::emit), {.stalled = true});
  const auto around = t.enter_reply(t.request(elsewhere, RoleName::echo, {.thread = 0}));
  t.remove(l);
  t.leave(around);
  t.stand_still();
  t.leave(running);
  EXPECT_EQ(outcome(rule::EVT_9, t), Outcome::pass);
}

TEST_F(RemovedInside, a_running_one_of_another_context_and_waiting_for_it_is_a_breach) {
  const auto elsewhere = t.create();
  const auto running = t.enter_hear(l, t.request(c, RoleName::emit), {.stalled = true});
  const auto around = t.enter_reply(t.request(elsewhere, RoleName::echo, {.thread = 0}));
  const auto remove = t.begin_remove(l);
  t.stand_still();
  t.leave(running);
  t.leave(remove);
  t.leave(around);
  EXPECT_EQ(outcome(rule::EVT_9, t), Outcome::breach);
}

TEST_F(RemovedInside, itself_and_called_again_is_a_breach) {
  const auto r = t.request(c, RoleName::emit);
  const auto running = t.enter_hear(l, r);
  t.remove(l);
  t.leave(running);
  t.hear(l, r);
  EXPECT_EQ(outcome(rule::EVT_9, t), Outcome::breach);
}

TEST_F(RemovedInside, a_neighbour_that_still_hears_the_event_in_flight_passes) {
  const auto r = t.request(c, RoleName::emit);
  const auto running = t.enter_hear(l, r);
  t.remove(other);
  t.leave(running);
  t.hear(other, r);
  t.reply(r);
  emit({l});
  EXPECT_EQ(outcome(rule::EVT_9, t), Outcome::pass);
}

TEST_F(RemovedInside, a_neighbour_that_misses_the_event_in_flight_is_a_breach) {
  const auto r = t.request(c, RoleName::emit);
  const auto running = t.enter_hear(l, r);
  t.remove(other);
  t.leave(running);
  t.reply(r);
  EXPECT_EQ(outcome(rule::EVT_9, t), Outcome::pass) << "the dispatch may still be going on";
  emit({l});
  EXPECT_EQ(outcome(rule::EVT_9, t), Outcome::breach);
}

TEST_F(RemovedInside, a_neighbour_that_hears_the_next_event_is_a_breach) {
  const auto r = t.request(c, RoleName::emit);
  const auto running = t.enter_hear(l, r);
  t.remove(other);
  t.leave(running);
  t.reply(r);
  emit({l, other});
  EXPECT_EQ(outcome(rule::EVT_9, t), Outcome::breach);
}

TEST_F(RemovedInside, another_callback_one_event_may_follow_and_no_second) {
  const auto echo = t.request(c, RoleName::echo);
  const auto first = t.request(c, RoleName::emit), second = t.request(c, RoleName::emit);
  const auto running = t.enter_reply(echo);
  t.remove(l);
  t.leave(running);
  t.hear(l, first);
  EXPECT_EQ(outcome(rule::EVT_9, t), Outcome::pass);
  t.hear(l, second);
  EXPECT_EQ(outcome(rule::EVT_9, t), Outcome::breach);
}

TEST_F(RemovedInside, another_callback_nothing_submitted_later_may_follow) {
  const auto echo = t.request(c, RoleName::echo);
  const auto running = t.enter_reply(echo);
  t.remove(l);
  t.leave(running);
  emit({l});
  EXPECT_EQ(outcome(rule::EVT_9, t), Outcome::breach);
}

TEST_F(RemovedInside, that_does_not_return_is_its_breach_and_outside_is_not) {
  Recording outside = t;
  t.enter_hear(l, t.request(c, RoleName::emit));
  t.begin_remove(l);
  t.hang();
  outside.begin_remove(l);
  outside.hang();
  EXPECT_TRUE(judge(rule::EVT_9, t.trace()).owns_ending);
  EXPECT_EQ(outcome(rule::EVT_9, outside), Outcome::not_exercised);
}

// ---- EVT-10 ---------------------------------------------------------------------------------------------------------

using AddedInside = Removal;

TEST_F(AddedInside, and_hearing_later_events_only_passes) {
  const auto r = t.request(c, RoleName::emit);
  const auto running = t.enter_hear(l, r);
  const auto added = t.listen(c);
  t.leave(running);
  t.reply(r);
  emit({l, other, added});
  EXPECT_EQ(outcome(rule::EVT_10, t), Outcome::pass);
}

TEST_F(AddedInside, and_hearing_the_event_in_flight_is_a_breach) {
  const auto r = t.request(c, RoleName::emit);
  const auto running = t.enter_hear(l, r);
  const auto added = t.listen(c);
  t.leave(running);
  t.hear(added, r);
  EXPECT_EQ(outcome(rule::EVT_10, t), Outcome::breach);
}

TEST_F(AddedInside, in_the_first_of_two_events_and_hearing_the_second_passes) {
  const auto r = t.request(c, RoleName::emit, {.count = 2});
  const auto running = t.enter_hear(l, r);
  const auto added = t.listen(c);
  t.leave(running);
  t.hear(l, r);
  t.hear(added, r);
  EXPECT_EQ(outcome(rule::EVT_10, t), Outcome::pass);
  t.hear(added, r);
  EXPECT_EQ(outcome(rule::EVT_10, t), Outcome::breach);
}

TEST_F(AddedInside, and_deaf_is_a_breach) {
  const auto echo = t.request(c, RoleName::echo);
  const auto running = t.enter_reply(echo);
  const auto added = t.listen(c);
  t.leave(running);
  emit({l, other});
  EXPECT_EQ(outcome(rule::EVT_10, t), Outcome::pass);
  t.wait(added, ObjectKind::listener, true);
  EXPECT_EQ(outcome(rule::EVT_10, t), Outcome::breach);
}

TEST_F(AddedInside, that_does_not_return_is_its_breach) {
  t.enter_hear(l, t.request(c, RoleName::emit));
  t.begin_listen(c);
  t.hang();
  EXPECT_TRUE(judge(rule::EVT_10, t.trace()).owns_ending);
}

}  // namespace
}  // namespace ffi_cts::rules
