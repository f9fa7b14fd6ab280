// What a trace counts for, and which goals an interface makes possible.
#include "harness/engine/coverage.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "harness/trace/recording.hpp"

namespace ffi_cts {
namespace {

using enum LifeState;

Coverage counted(const Recording& recording) {
  Coverage coverage;
  coverage.count(recording.trace());
  return coverage;
}

// Of a call on thread A, outside callbacks.
std::uint64_t on_main(const Coverage& coverage, CallKind kind, LifeState state) {
  return coverage[{kind, MadeIn::no_callback, OnThread::main, state}];
}

std::uint64_t inside(const Coverage& coverage, CallKind kind, MadeIn place, LifeState state) {
  return coverage[{kind, place, OnThread::library, state}];
}

bool is_goal(const std::vector<CoverageCell>& goals, const CoverageCell& cell) {
  return std::find(goals.begin(), goals.end(), cell) != goals.end();
}

TEST(Coverage, tells_the_states_of_a_context_by_its_constructor_and_its_destroys) {
  Recording t;
  auto c = t.create_only(RoleName::create_slow);
  t.request(c, RoleName::echo);
  t.construct(c);
  t.request(c, RoleName::echo);
  t.destroy(c, {.result = ret_err});
  t.request(c, RoleName::echo, {.result = 1});
  t.destroy(c);
  t.request(c, RoleName::echo, {.result = 1});
  t.request(c, RoleName::echo, {.result = 1, .handle = HandleKind::null});
  Coverage coverage = counted(t);
  for (LifeState state : {constructing, live, closing, destroyed, no_context})
    EXPECT_EQ(on_main(coverage, CallKind::request, state), 1u) << to_string(state);
  EXPECT_EQ(on_main(coverage, CallKind::create, no_context), 1u);
  EXPECT_EQ(on_main(coverage, CallKind::destroy, live), 1u);
  EXPECT_EQ(on_main(coverage, CallKind::destroy, closing), 1u);
}

TEST(Coverage, takes_a_context_whose_constructor_failed_or_that_is_being_destroyed_as_closing) {
  Recording t;
  auto failed = t.create(RoleName::create_fail);
  t.request(failed, RoleName::echo, {.result = 1});
  auto c = t.create();
  auto destroy = t.begin_destroy(c, {.thread = 1});
  t.listen(c, {.thread = 0, .result = 0});
  t.leave(destroy);
  Coverage coverage = counted(t);
  EXPECT_EQ(on_main(coverage, CallKind::request, closing), 1u);
  EXPECT_EQ(on_main(coverage, CallKind::listen, closing), 1u);
}

TEST(Coverage, leaves_a_context_alive_whose_destroy_was_refused_inside_a_callback) {
  Recording t;
  auto c = t.create();
  auto r = t.request(c, RoleName::echo);
  auto reply = t.enter_reply(r);
  t.destroy(c, {.result = ret_err});
  t.request(c, RoleName::echo);
  t.leave(reply);
  Coverage coverage = counted(t);
  EXPECT_EQ(inside(coverage, CallKind::destroy, MadeIn::reply, live), 1u);
  EXPECT_EQ(inside(coverage, CallKind::request, MadeIn::reply, live), 1u);
}

TEST(Coverage, tells_the_callbacks_apart_that_calls_are_made_in) {
  Recording t;
  auto c = t.create_only();
  auto constructor = t.enter_construct(c);
  auto l = t.listen(c);
  t.leave(constructor);
  auto h = t.reg(c);
  auto r = t.request(c, RoleName::emit);
  auto hears = t.enter_hear(l, r);
  t.remove(l);
  t.leave(hears);
  auto asked = t.enter_host_call(h);
  t.complete(t.host_call_of(asked));
  t.leave(asked);
  auto reply = t.enter_reply(r);
  t.unregister(c);
  t.leave(reply);
  Coverage coverage = counted(t);
  EXPECT_EQ(inside(coverage, CallKind::listen, MadeIn::constructor, live), 1u);
  EXPECT_EQ(inside(coverage, CallKind::remove, MadeIn::event, live), 1u);
  EXPECT_EQ(inside(coverage, CallKind::complete, MadeIn::host_function, live), 1u);
  EXPECT_EQ(inside(coverage, CallKind::unregister, MadeIn::reply, live), 1u);
  EXPECT_EQ(on_main(coverage, CallKind::reg, live), 1u);
  EXPECT_EQ(on_main(coverage, CallKind::unregister, live), 0u);
}

TEST(Coverage, tells_a_progress_from_a_reply) {
  Recording t;
  auto c = t.create();
  auto r = t.request(c, RoleName::progress);
  auto progress = t.enter_reply(r, {.code = ret_stale_warn});
  t.request(c, RoleName::echo);
  t.leave(progress);
  Coverage coverage = counted(t);
  EXPECT_EQ(inside(coverage, CallKind::request, MadeIn::progress, live), 1u);
  EXPECT_EQ(inside(coverage, CallKind::request, MadeIn::reply, live), 0u);
}

TEST(Coverage, leaves_out_what_the_driver_does_of_its_own) {
  Recording t;
  auto c = t.create();
  t.destroy(c);
  Trace trace = t.trace();
  trace.calls.back().step = 0;  // the teardown's
  Coverage coverage;
  coverage.count(trace);
  EXPECT_EQ(on_main(coverage, CallKind::create, no_context), 1u);
  EXPECT_EQ(on_main(coverage, CallKind::destroy, live), 0u);
}

TEST(Coverage, takes_no_thread_of_a_program_with_threads_of_its_own_as_the_main_one) {
  Recording t;
  auto c = t.create({}, {.thread = 1});
  t.request(c, RoleName::echo, {.thread = 0});
  Coverage usual = counted(t);
  t.program.fresh_threads = true;
  Coverage fresh = counted(t);
  CoverageCell cell{CallKind::request, MadeIn::no_callback, OnThread::main, live};
  EXPECT_EQ(usual[cell], 1u);
  EXPECT_EQ(fresh[cell], 0u);
  cell.thread = OnThread::other;
  EXPECT_EQ(usual[cell], 0u);
  EXPECT_EQ(fresh[cell], 1u);
  EXPECT_EQ((usual[{CallKind::create, MadeIn::no_callback, OnThread::other, no_context}]), 1u);
}

TEST(Coverage_goals, are_reached_by_what_reaches_them_and_by_nothing_else) {
  Recording t;
  auto c = t.create();
  t.request(c, RoleName::echo);
  auto goals = coverage_goals(t.interface);
  auto before = unreached({}, goals), after = unreached(counted(t), goals);
  EXPECT_EQ(before, goals);
  EXPECT_EQ(after.size() + 2, goals.size());
  EXPECT_FALSE(is_goal(after, {CallKind::request, MadeIn::no_callback, OnThread::main, live}));
  EXPECT_TRUE(is_goal(after, {CallKind::request, MadeIn::no_callback, OnThread::other, live}));
}

TEST(Coverage_goals, have_a_destroyed_handle_outside_callbacks_only_and_no_host_thread_inside_them) {
  Recording t;
  for (const CoverageCell& goal : coverage_goals(t.interface)) {
    EXPECT_TRUE(goal.state != destroyed || goal.place == MadeIn::no_callback);
    EXPECT_EQ(goal.thread == OnThread::library, goal.place != MadeIn::no_callback);
    EXPECT_EQ(goal.state == no_context, goal.kind == CallKind::create);
  }
}

TEST(Coverage_goals, follow_what_the_interface_file_makes_possible) {
  auto any = [](const std::vector<CoverageCell>& goals, auto&& condition) {
    return std::any_of(goals.begin(), goals.end(), condition);
  };
  auto of_kind = [](CallKind kind) { return [kind](const CoverageCell& c) { return c.kind == kind; }; };
  auto in_place = [](MadeIn place) { return [place](const CoverageCell& c) { return c.place == place; }; };
  auto in_state = [](LifeState state) { return [state](const CoverageCell& c) { return c.state == state; }; };
  Interface interface = Recording().interface;
  auto whole = coverage_goals(interface);
  for (MadeIn place : {MadeIn::no_callback, MadeIn::constructor, MadeIn::reply, MadeIn::progress, MadeIn::event,
                       MadeIn::host_function})
    EXPECT_TRUE(any(whole, in_place(place))) << to_string(place);
  EXPECT_TRUE(any(whole, in_state(constructing)));

  Interface poor = interface;
  poor.roles.erase(RoleName::create_slow);
  poor.roles.erase(RoleName::progress);
  poor.contract.host_calls = false;
  poor.add_event_listener.clear();
  auto goals = coverage_goals(poor);
  EXPECT_FALSE(any(goals, in_state(constructing)));
  for (MadeIn place : {MadeIn::progress, MadeIn::event, MadeIn::host_function})
    EXPECT_FALSE(any(goals, in_place(place))) << to_string(place);
  for (CallKind kind : {CallKind::listen, CallKind::remove, CallKind::reg, CallKind::unregister, CallKind::complete})
    EXPECT_FALSE(any(goals, of_kind(kind))) << to_string(kind);

  // With room for one context only, what goes on inside a callback concerns that one.
  Interface narrow = interface;
  narrow.contract.max_contexts = 1;
  for (const CoverageCell& goal : coverage_goals(narrow))
    EXPECT_TRUE(goal.state != constructing || goal.place == MadeIn::no_callback);
  narrow.roles.erase(RoleName::create_fail);
  EXPECT_FALSE(is_goal(coverage_goals(narrow), {CallKind::request, MadeIn::constructor, OnThread::library, closing}));

  poor.roles.clear();
  EXPECT_TRUE(coverage_goals(poor).empty());
}

}  // namespace
}  // namespace ffi_cts
