// --coverage, and the self-check of a full run.
#include "harness/report/coverage.hpp"

#include <gmock/gmock.h>

#include "harness/report/report.hpp"
#include "harness/report/results.hpp"

namespace ffi_cts {
namespace {

using namespace spec::rule;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A run that made a context, submitted two requests of it, and removed nothing.
Result a_run(std::vector<RuleResult> rules = {a_rule(REQ_1, Status::pass)}) {
  Recording t;
  auto c = t.create();
  for (int i = 0; i < 2; ++i) t.reply(t.request(c, RoleName::echo));
  Result result = a_result(std::move(rules));
  result.coverage.count(t.trace());
  result.goals = {{CallKind::create, MadeIn::no_callback, OnThread::main, LifeState::no_context},
                  {CallKind::request, MadeIn::no_callback, OnThread::main, LifeState::live},
                  {CallKind::remove, MadeIn::event, OnThread::library, LifeState::live}};
  result.full = true;
  return result;
}

TEST(Coverage_table, shows_what_was_made_what_was_missed_and_nothing_else) {
  EXPECT_EQ(coverage_table(a_run()),
            "coverage: calls made      no context  constructing       live    closing  destroyed\n"
            "outside callbacks, main thread\n"
            "  create                           1             .          .          .          .\n"
            "  request                          .             .          2          .          .\n"
            "inside event, library thread\n"
            "  remove                           .             .         0!          .          .\n"
            "goals: 2 of 3 reached\n"
            "  not reached  remove inside event, library thread, context live\n");
}

TEST(Self_check, names_goals_that_a_full_run_missed) {
  Result result = a_run();
  EXPECT_THAT(gaps(result), ElementsAre(result.goals[2]));
  EXPECT_THAT(terminal_report(result, {}),
              HasSubstr("self-check      1 of 3 kinds of call was never made: a gap of the generator (--coverage lists "
                        "them)\n"));
  EXPECT_EQ(exit_code(result, false), 0);
}

TEST(Self_check, names_each_applicable_rule_that_a_full_run_never_exercised_and_the_exit_code_is_3) {
  Result result = a_run({a_rule(REQ_1, Status::pass), a_rule(EVT_5, Status::not_exercised),
                         a_rule(REQ_6, Status::not_applicable, "needs role progress")});
  EXPECT_THAT(never_exercised(result), ElementsAre(EVT_5));
  for (bool quiet : {false, true})
    EXPECT_THAT(terminal_report(result, {false, quiet}),
                HasSubstr("self-check      EVT-5 applies to this library and was never exercised in 10000 cases: a gap "
                          "of the generator\n"));
  EXPECT_EQ(exit_code(result, false), 3);
}

TEST(Self_check, names_what_the_library_exports_and_its_interface_file_denies) {
  Result result = a_run({a_rule(REQ_1, Status::pass)});
  EXPECT_EQ(exit_code(result, false), 0);
  result.denied = {"probe_echo", "probe_add_event_listener"};
  EXPECT_THAT(terminal_report(result, {}), HasSubstr("self-check      the interface file says that there is nothing of this kind, and the "
                                                     "library exports probe_echo, probe_add_event_listener: it was not judged\n"));
  EXPECT_EQ(exit_code(result, false), 3);
  result.full = false;
  EXPECT_EQ(exit_code(result, false), 0);
}

TEST(Self_check, does_not_blame_the_generator_alone_where_something_is_broken) {
  Result result = a_run({a_failure(EVT_9), a_rule(EVT_5, Status::not_exercised)});
  EXPECT_THAT(terminal_report(result, {}), HasSubstr("EVT-5 applies to this library and was never exercised in 10000 "
                                                     "cases: a gap of the generator, or hidden by what is broken\n"));
  EXPECT_EQ(exit_code(result, false), 1);
}

TEST(Self_check, is_silent_when_the_run_was_short_or_had_to_leave_programs_out) {
  for (int which = 0; which < 3; ++which) {
    Result result = a_run({a_rule(EVT_5, Status::not_exercised)});
    if (which == 0) result.full = false;
    if (which == 1) result.avoided = {"remove (after EVT-9)"};
    if (which == 2) result.stopped = "the library can no longer be loaded";
    EXPECT_THAT(gaps(result), IsEmpty());
    EXPECT_THAT(never_exercised(result), IsEmpty());
    EXPECT_THAT(terminal_report(result, {}), Not(HasSubstr("self-check")));
    EXPECT_EQ(exit_code(result, false), 3);
  }
}

}  // namespace
}  // namespace ffi_cts
