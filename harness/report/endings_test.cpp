// Crashes, hangs and exits in the report.
#include <gmock/gmock.h>

#include <csignal>

#include "harness/report/report.hpp"
#include "harness/report/results.hpp"

namespace ffi_cts {
namespace {

using testing::HasSubstr;
using testing::Not;

Stack stack(std::string thread, std::vector<Frame> frames) {
  return {std::move(thread), std::move(frames)};
}

// The trace of a listener that removes itself and never comes back from it.
Trace stuck(auto end) {
  Recording t;
  auto c = t.create();
  auto l = t.listen(c);
  auto r = t.request(c, RoleName::emit);
  t.enter_hear(l, r);
  t.begin_remove(l);
  end(t);
  return t.trace();
}

std::string told(Trace trace, std::string output = {}) {
  Verdict verdict = breach_by_ending("remove_event_listener returns", "it did not", {trace.calls.back().entered});
  RuleResult rule = a_rule(spec::rule::EVT_9, Status::fail);
  rule.breach = a_breach(std::move(trace), std::move(verdict));
  rule.breach->output = std::move(output);
  return terminal_report(a_result({rule}), {false, true});
}

TEST(Report_of_a_hang, says_which_call_did_not_return_and_where_the_loop_waits) {
  Trace trace = stuck([](Recording& t) { t.hang(); });
  trace.ending.stacks = {stack("A", {{"libc.so.6", "__poll", 0x4f}, {"ffi-cts-worker", "main", 0x20}}),
                         stack("thread 4711", {{"libc.so.6", "pthread_mutex_lock", 0x112},
                                               {"libfoo.so", "foo_remove_event_listener", 0x41},
                                               {"ffi-cts-worker", "", 0}})};
  std::string report = told(trace);
  EXPECT_THAT(report, HasSubstr("  hang      remove l1 (step 3, on loop) did not return; every thread slept and "
                                "nothing timed was pending\n"
                                "            thread 4711 waits in pthread_mutex_lock, called from "
                                "libfoo.so!foo_remove_event_listener+0x41\n"));
  EXPECT_THAT(report, HasSubstr("  stacks    thread 4711: libc.so.6!pthread_mutex_lock+0x112 < "
                                "libfoo.so!foo_remove_event_listener+0x41 < ffi-cts-worker\n"
                                "            A: libc.so.6!__poll+0x4f < ffi-cts-worker!main+0x20\n"));
  EXPECT_THAT(report,
              HasSubstr("#8 loop  l1 enters \"tick\"\n            #9 loop  remove l1 enters  ·  (end of trace)\n"));
}

TEST(Report_of_a_hang, says_when_only_the_backstop_decided) {
  EXPECT_THAT(told(stuck([](Recording& t) { t.hang(false); })),
              HasSubstr("did not return; nothing moved for 10.0 s (the backstop)\n"));
}

TEST(Report_of_a_crash, names_the_signal_the_address_the_step_and_the_frames) {
  Trace trace = stuck([](Recording& t) { t.crash(SIGSEGV); });
  trace.ending.fault_address = 0x10;
  trace.ending.stacks = {
      stack("thread 4711", {{"libfoo.so", "erase", 0x8}, {"libfoo.so", "foo_remove_event_listener", 0x41}})};
  EXPECT_THAT(told(trace), HasSubstr("  crash     SIGSEGV at address 0x10; during remove l1 (step 3, on loop)\n"
                                     "            thread 4711 was in libfoo.so!erase+0x8\n"));
}

TEST(Report_of_a_crash, shows_the_last_lines_of_output) {
  Trace trace = stuck([](Recording& t) { t.crash(SIGABRT); });
  std::string report = told(trace, "1\n2\n3\n4\n5\nassertion \x1b failed\r\n\n");
  EXPECT_THAT(report, HasSubstr("  crash     SIGABRT; during remove l1 (step 3, on loop)\n"));
  EXPECT_THAT(
      report,
      HasSubstr("  output    2\n            3\n            4\n            5\n            assertion \\x1b failed\n"));
}

TEST(Report_of_a_crash, says_that_no_call_was_running) {
  Recording t;
  t.create();
  t.crash(SIGBUS);
  EXPECT_THAT(told(t.trace()), HasSubstr("  crash     SIGBUS at address 0x0; no call was running\n"));
}

TEST(Report_of_an_exit, gives_its_code) {
  EXPECT_THAT(told(stuck([](Recording& t) { t.exit(3); })),
              HasSubstr("  exit      exit(3); during remove l1 (step 3, on loop)\n"));
}

TEST(Report_of_a_crash_while_loading, has_no_program) {
  auto trace = std::make_shared<Trace>();
  trace->ending.kind = EndKind::crashed;
  trace->ending.signal = SIGILL;
  RuleResult rule = a_rule(spec::rule::LOAD_5, Status::fail);
  rule.breach.emplace();
  rule.breach->example.sighting.trace = trace;
  std::string report = terminal_report(a_result({rule}), {});
  EXPECT_THAT(
      report,
      HasSubstr(
          "  crash     SIGILL; no call was running\n  program   none: it happened while the library was loaded\n"));
  EXPECT_THAT(report, Not(HasSubstr("again")));
  EXPECT_THAT(report, Not(HasSubstr("replay")));
}

TEST(Report_of_stacks, keeps_to_six_threads_and_six_frames_and_to_what_the_library_did) {
  Trace trace = stuck([](Recording& t) { t.hang(); });
  for (int i = 0; i < 8; ++i)
    trace.ending.stacks.push_back(stack("thread " + std::to_string(i), {{"libc.so.6", "futex", 1}}));
  trace.ending.stacks.back().frames.assign(9, {"libstdc++.so.6", "deep", 2});
  trace.ending.stacks.back().frames.push_back({"libfoo.so", "foo_loop", 3});
  std::string report = told(trace);
  EXPECT_THAT(report, HasSubstr("  stacks    thread 7: libstdc++.so.6!deep+0x2 < "));
  EXPECT_THAT(report, HasSubstr("deep+0x2 < … < libfoo.so!foo_loop+0x3\n"));
  EXPECT_THAT(report, HasSubstr("thread 4: libc.so.6!futex+0x1\n            … and 2 more threads\n"));
}

}  // namespace
}  // namespace ffi_cts
