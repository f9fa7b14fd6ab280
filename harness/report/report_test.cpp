#include "harness/report/report.hpp"

#include <gmock/gmock.h>

#include "harness/report/results.hpp"

namespace ffi_cts {
namespace {

using namespace spec::rule;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string told(std::vector<RuleResult> rules, ReportStyle style = {}) {
  return terminal_report(a_result(std::move(rules)), style);
}

RuleResult following(spec::RuleId id, spec::RuleId root) {
  RuleResult rule = a_rule(id, Status::fail);
  rule.follows_from = root;
  return rule;
}

TEST(Report, begins_with_what_was_run) {
  Result result = a_result({a_rule(REQ_1, Status::pass)});
  EXPECT_THAT(terminal_report(result, {}),
              StartsWith("lib/libfoo.so (lib/foo.toml)  seed 7  10000 cases in 12.5 s (800/s)\n\n"));
  result.lost_workers = 2;
  EXPECT_THAT(terminal_report(result, {}), HasSubstr("(800/s)  2 workers lost\n"));
}

TEST(Report, tells_a_failure_so_that_one_can_act_on_it) {
  std::string report = told({a_failure()});
  EXPECT_THAT(report, HasSubstr("FAIL EVT-9 MUST  " + std::string(EVT_9.rule().sentence) +
                                "\n"
                                "  expected  l1 hears no event after its removal\n"
                                "  seen      it heard another\n"
                                "  program   4 steps, shrunk from 41 (seed 7, case 118)\n"
                                "            1  A  c1 = create\n"
                                "            2  A  l1 = listen c1 event { remove l1 }\n"
                                "            4  A  r1 = request c1 emit\n"
                                "  trace     #10 loop  remove l1 returns 0  ·  #12 loop  l1 enters \"tick\"\n"
                                "  again     reproduced 20 of 20\n"
                                "  replay    ffi-cts replay cases/EVT-9-7f3a.case\n"));
}

TEST(Report, shows_the_last_events_where_nothing_is_proof) {
  RuleResult rule = a_failure();
  rule.breach->example.sighting.verdict.proof = {never, 1'000'000};
  EXPECT_THAT(told({rule}), HasSubstr("l1 leaves  ·  "));
  EXPECT_THAT(told({rule}), HasSubstr("A  destroy c1 enters"));
  EXPECT_THAT(told({rule}), HasSubstr("A  destroy c1 returns RET_OK\n"));
}

TEST(Report, shows_eight_events_of_a_long_proof) {
  RuleResult rule = a_failure();
  auto& proof = rule.breach->example.sighting.verdict.proof;
  proof.clear();
  for (Stamp s = 0; s < 12; ++s) proof.push_back(s);
  std::string report = told({rule});
  EXPECT_THAT(report, HasSubstr("#3 "));
  EXPECT_THAT(report, HasSubstr("… 4 more"));
  EXPECT_THAT(report, Not(HasSubstr("#4 ")));
  EXPECT_THAT(report, HasSubstr("#8 "));
}

TEST(Report, says_what_a_breach_depends_on) {
  RuleResult rule = a_failure();
  Counterexample& example = rule.breach->example;
  example.history = {{example.program, 169}};
  EXPECT_THAT(told({rule}), HasSubstr("  again     reproduced 20 of 20; after 169 runs of it in one process\n"));
  example.history = {{parse_program("A  c1 = create\n"), 2}, {example.program, 1}};
  EXPECT_THAT(told({rule}),
              HasSubstr("reproduced 20 of 20; depends on what the process did before: 3 earlier programs\n"));
  example.history.clear();
  example.tries = 24;
  rule.breach->seen = 3;
  EXPECT_THAT(told({rule}), HasSubstr("reproduced 3 of 20; comes by chance, a replay gives it 24 runs\n"));
  example.reproduced = false;
  EXPECT_THAT(told({rule}), HasSubstr("  again     not seen again\n"));
}

TEST(Report, names_the_scenario_the_switches_and_the_other_rules) {
  RuleResult rule = a_failure();
  rule.breach->scenario = "remove inside";
  rule.breach->example.program.fresh_threads = true;
  rule.breach->with = {REQ_1, EVT_4};
  std::string report = told({rule});
  EXPECT_THAT(report, HasSubstr("(scenario remove inside, seed 7, case 118); on host threads made for it\n"));
  EXPECT_THAT(report, HasSubstr("  also      breaks REQ-1, EVT-4\n"));
}

TEST(Report, quotes_a_path_for_the_shell_and_hides_control_characters) {
  RuleResult rule = a_failure();
  rule.breach->case_file = "my cases/it's.case";
  rule.breach->example.sighting.verdict.seen = "a\x1b[31mb";
  EXPECT_THAT(told({rule}), HasSubstr("ffi-cts replay 'my cases/it'\\''s.case'\n"));
  EXPECT_THAT(told({rule}), HasSubstr("  seen      a\\x1b[31mb\n"));
}

TEST(Report, puts_own_breaches_first_and_MUST_before_SHOULD) {
  std::string report = told({following(REQ_1, END_2), a_failure(EVT_2), a_failure(EVT_9), a_failure(END_2)});
  std::vector<std::size_t> at;
  for (const char* line : {"FAIL EVT-9 MUST  ", "FAIL END-2 MUST  ", "WARN EVT-2 SHOULD  ", "FAIL REQ-1 MUST  "})
    at.push_back(report.find(line));
  EXPECT_TRUE(std::is_sorted(at.begin(), at.end())) << report;
  EXPECT_NE(at.back(), std::string::npos);
  EXPECT_THAT(report,
              HasSubstr("\n\nFAIL REQ-1 MUST  " + std::string(REQ_1.rule().sentence) + "  (follows from END-2)\n"));
}

std::vector<RuleResult> a_mix() {
  return {a_rule(REQ_1, Status::pass),
          a_rule(REQ_6, Status::not_applicable, "needs role progress"),
          a_rule(REQ_7, Status::not_applicable, "needs role fail"),
          a_rule(EVT_4, Status::unknown, "seen broken in 2 cases (first in case 9), and never again"),
          a_rule(EVT_5, Status::not_exercised),
          a_rule(EVT_6, Status::not_exercised),
          a_failure(EVT_9),
          a_rule(HST_1, Status::not_applicable, "needs role progress")};
}

TEST(Report, counts_by_chapter) {
  EXPECT_THAT(told(a_mix()),
              HasSubstr("chapter                 pass  fail  warn  not exercised  not applicable  unknown\n"
                        "REQ requests               1     -     -              -               2        -\n"
                        "EVT events                 -     1     -              2               -        1\n"
                        "HST host calls             -     -     -              -               1        -\n"));
}

TEST(Report, lists_what_was_not_judged_and_why) {
  EXPECT_THAT(told(a_mix()),
              HasSubstr("not exercised   EVT-5, EVT-6\n"
                        "unknown         EVT-4: seen broken in 2 cases (first in case 9), and never again\n"
                        "not applicable  REQ-6, HST-1: needs role progress\n"
                        "                REQ-7: needs role fail\n"));
}

TEST(Report, ends_with_what_was_left_out_and_one_line_of_counts) {
  Result result = a_result(a_mix());
  result.avoided = {"nested_remove, in_event (after EVT-9)"};
  result.stopped = "the library can no longer be loaded";
  EXPECT_THAT(terminal_report(result, {}),
              EndsWith("left out        nested_remove, in_event (after EVT-9)\n"
                       "stopped         the library can no longer be loaded\n"
                       "\n"
                       "8 rules: 1 pass, 1 fail, 2 not exercised, 3 not applicable, 1 unknown\n"));
}

TEST(Report, is_quiet_when_asked) {
  std::string report = told(a_mix(), {false, true});
  EXPECT_THAT(report, StartsWith("FAIL EVT-9 "));
  EXPECT_THAT(report, EndsWith("case\n\n8 rules: 1 pass, 1 fail, 2 not exercised, 3 not applicable, 1 unknown\n"));
  EXPECT_EQ(told({a_rule(REQ_1, Status::pass)}, {false, true}), "1 rule: 1 pass\n");
}

TEST(Report, has_colours_only_when_asked) {
  EXPECT_THAT(told(a_mix()), Not(HasSubstr("\x1b")));
  EXPECT_THAT(told(a_mix(), {true, false}), HasSubstr("\x1b[31mFAIL\x1b[0m "));
}

TEST(Exit_code, is_0_when_all_pass_or_only_a_SHOULD_is_broken) {
  EXPECT_EQ(exit_code(a_result({}), false), 0);
  EXPECT_EQ(exit_code(a_result({a_rule(REQ_1, Status::pass), a_rule(REQ_6, Status::not_applicable), a_failure(EVT_2)}),
                      false),
            0);
}

TEST(Exit_code, is_1_when_a_MUST_is_broken_and_with_strict_a_SHOULD) {
  EXPECT_EQ(exit_code(a_result({a_rule(EVT_5, Status::unknown), a_failure(EVT_9)}), false), 1);
  EXPECT_EQ(exit_code(a_result({following(REQ_1, END_2)}), false), 1);
  EXPECT_EQ(exit_code(a_result({a_failure(EVT_2)}), true), 1);
}

TEST(Exit_code, is_3_when_rules_are_left_open) {
  EXPECT_EQ(exit_code(a_result({a_rule(REQ_1, Status::pass), a_rule(EVT_5, Status::unknown)}), true), 3);
  EXPECT_EQ(exit_code(a_result({a_rule(REQ_1, Status::pass), a_rule(EVT_5, Status::not_exercised)}), false), 3);
}

TEST(Exit_code, is_3_when_the_library_was_not_judged_to_the_end_and_nothing_is_broken) {
  Result result = a_result({a_rule(REQ_1, Status::pass)});
  result.stopped = "the library can no longer be loaded";
  EXPECT_EQ(exit_code(result, false), 3);
  result.rules.push_back(a_failure(EVT_9));
  EXPECT_EQ(exit_code(result, false), 1);
}

}  // namespace
}  // namespace ffi_cts
