// What the command prints for people, and its exit codes.
#include <gmock/gmock.h>

#include "conformance/tests/command.hpp"
#include "conformance/tests/files.hpp"

namespace ffi_cts::tests {
namespace {

using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

constexpr const char* escape = "\x1b[";

class Output : public testing::Test {
 protected:
  Command command(std::vector<std::string> arguments) { return Command(std::move(arguments)).in(directory_.path()); }
  Outcome run(std::vector<std::string> options) {
    options.insert(options.begin(), "run");
    return command(std::move(options)).run();
  }
  // Its standard output; it must succeed and be silent on standard error.
  std::string said(std::vector<std::string> arguments) {
    Outcome outcome = command(std::move(arguments)).run();
    EXPECT_EQ(outcome.code, 0) << outcome;
    EXPECT_EQ(outcome.err, "");
    return outcome.out;
  }

  Directory directory_;
};

TEST_F(Output, The_version_is_one_line) {
  EXPECT_THAT(said({"--version"}), MatchesRegex("ffi-cts [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST_F(Output, The_help_names_the_commands_and_the_exit_codes) {
  std::string help = said({"--help"});
  for (const char* word : {"run", "replay", "list", "explain", "Exit code"}) EXPECT_THAT(help, HasSubstr(word));
  std::string of_run = said({"run", "--help"});
  for (const char* option : {"--interface", "--rule", "--seed", "--cases", "--time", "--json", "--junit", "--expect",
                             "--coverage", "--color", "--quiet", "--timeout", "--save", "--strict"})
    EXPECT_THAT(of_run, HasSubstr(option));
  EXPECT_THAT(said({"replay", "--help"}), HasSubstr("--repeat"));
}

TEST_F(Output, The_list_shows_every_chapter_and_rule) {
  std::string list = said({"list"});
  EXPECT_EQ(list, said({"list", "rules"}));
  for (const char* line : {"1 loading (LOAD)\n", "11 host obligations (OBL)\n", "  EVT-9    MUST   judged ",
                           "  EVT-20   SHOULD judged ", "  OBL-1    MUST   unjudged "})
    EXPECT_THAT(list, HasSubstr(line));
}

TEST_F(Output, A_rule_is_explained_with_its_sentence_its_intent_and_both_examples) {
  std::string text = said({"explain", "EVT-9"});
  EXPECT_THAT(text, StartsWith("EVT-9 MUST (binds the library; spec/5_events.md:"));
  for (const char* part : {"remove_event_listener", "\nIntent: ", "\nNeeds: ", "\nRight:\n", "\nWrong:\n"})
    EXPECT_THAT(text, HasSubstr(part));
  EXPECT_THAT(text, Not(HasSubstr("Not judged")));
  EXPECT_THAT(said({"explain", "OBL-1"}), HasSubstr("\nNot judged: "));
}

TEST_F(Output, A_report_into_a_pipe_has_no_colours_and_no_progress) {
  Outcome outcome = run({"--cases", "20"});
  EXPECT_THAT(outcome.out, Not(HasSubstr(escape)));
  EXPECT_THAT(outcome.out, StartsWith(library("libprobe.so") + " ("));
  EXPECT_THAT(outcome.out, HasSubstr("seed 1  20 cases in "));
  EXPECT_THAT(outcome.out, HasSubstr("\nchapter "));
  EXPECT_THAT(outcome.out, ContainsRegex("\n[0-9]+ rules: [0-9]+ pass, [^\n]*\n$"));
  EXPECT_EQ(outcome.err, "");
}

TEST_F(Output, Colours_come_on_a_terminal_unless_NO_COLOR_is_set_and_always_where_asked_for) {
  auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"run", "--cases", "5"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return command(std::move(arguments));
  };
  EXPECT_THAT(with({}).on_a_terminal().run().out, HasSubstr(escape));
  EXPECT_THAT(with({}).on_a_terminal().with("NO_COLOR=1").run().out, Not(HasSubstr(escape)));
  EXPECT_THAT(with({"--color", "never"}).on_a_terminal().run().out, Not(HasSubstr(escape)));
  EXPECT_THAT(with({"--color", "always"}).run().out, HasSubstr(escape));
  EXPECT_THAT(with({"--color", "always"}).with("NO_COLOR=1").run().out, HasSubstr(escape));
}

TEST_F(Output, A_quiet_run_says_what_is_broken_and_one_line_more) {
  EXPECT_THAT(run({"--cases", "20", "--quiet"}).out, MatchesRegex("[0-9]+ rules: [^\n]*\n"));
  Outcome outcome = run({library("faulty/REQ-2_code_7.so"), "--rule", "REQ-2", "--cases", "60", "--quiet"});
  EXPECT_EQ(outcome.code, 1) << outcome;
  EXPECT_THAT(outcome.out, StartsWith("FAIL REQ-2 MUST  ")) << outcome;
  EXPECT_THAT(outcome.out, EndsWith("\n\n1 rule: 1 fail\n")) << outcome;
  EXPECT_THAT(outcome.out, Not(HasSubstr("chapter"))) << outcome;
}

TEST_F(Output, A_failure_shows_what_was_expected_and_seen_its_program_its_trace_and_how_to_replay_it) {
  std::string out = run({library("faulty/EVT-9_deadlock.so"), "--rule", "EVT-9", "--cases", "60"}).out;
  for (const char* part : {"FAIL EVT-9 MUST  ", "\n  expected  ", "\n  seen      ", "\n  hang      ", "\n  program   ",
                           "\n  trace     #", "\n  again     reproduced ", "\n  replay    ffi-cts replay "})
    EXPECT_THAT(out, HasSubstr(part));
  EXPECT_THAT(out, HasSubstr("EVT-9_deadlock.so!"));
  EXPECT_THAT(out, ContainsRegex("[1-9] steps, shrunk from [0-9]+ \\([^)]*seed 1, case [0-9]+\\)"));
}

TEST_F(Output, A_broken_SHOULD_is_a_warning_and_fails_a_strict_run) {
  std::vector<std::string> options{library("faulty/REQ-18_silent.so"), "--rule", "REQ-18", "--cases", "60"};
  Outcome lenient = run(options);
  EXPECT_EQ(lenient.code, 0) << lenient;
  EXPECT_THAT(lenient.out, HasSubstr("WARN REQ-18 SHOULD")) << lenient;
  options.push_back("--strict");
  EXPECT_EQ(run(options).code, 1);
}

TEST_F(Output, A_run_that_leaves_rules_unexercised_ends_with_3_and_names_them) {
  Outcome outcome = run({"--cases", "1"});
  EXPECT_EQ(outcome.code, 3) << outcome;
  EXPECT_THAT(outcome.out, HasSubstr("\nnot exercised ")) << outcome;
}

TEST_F(Output, Only_the_rules_and_chapters_asked_for_are_judged) {
  EXPECT_THAT(run({"--rule", "REQ-1", "--cases", "60"}).out, EndsWith("\n1 rule: 1 pass\n"));
  EXPECT_THAT(run({"--rule", "REQ-1", "--rule", "END", "--cases", "20"}).out, ContainsRegex("\n1[0-9] rules: "));
}

TEST_F(Output, A_time_ends_a_run_and_a_seed_is_shown) {
  Outcome outcome = run({"--time", "1s", "--seed", "77"});
  EXPECT_LT(outcome.seconds, 20) << outcome;
  EXPECT_THAT(outcome.out, HasSubstr("seed 77"));
}

}  // namespace
}  // namespace ffi_cts::tests
