// --coverage, the self-check of a full run, and the progress that a terminal shows.
#include <gmock/gmock.h>

#include <filesystem>

#include "conformance/tests/files.hpp"
#include "conformance/tests/verdicts.hpp"

namespace ffi_cts::tests {
namespace {

using testing::Contains;
using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Coverage, Is_shown_when_asked_for_and_is_in_the_JSON) {
  Directory directory;
  Judged judged = judge(library("libprobe.so"), {"--cases", "60", "--coverage"}, directory.path());
  for (const char* part : {"\ncoverage: calls made ", "\noutside callbacks, main thread\n  create ",
                           "\ninside event, library thread\n", "\n  not reached  "})
    EXPECT_THAT(judged.outcome.out, HasSubstr(part)) << judged;
  const auto& coverage = judged.json["coverage"];
  std::size_t goals = coverage["goals"], missing = coverage["unreached"].size();
  EXPECT_GT(goals, 100u);
  EXPECT_LT(missing, goals);
  EXPECT_THAT(judged.outcome.out,
              HasSubstr("\ngoals: " + std::to_string(goals - missing) + " of " + std::to_string(goals)));
  std::uint64_t creates = 0;
  for (const auto& cell : coverage["cells"]) {
    EXPECT_GT(cell["count"], 0);
    if (cell["call"] == "create") creates += cell["count"].get<std::uint64_t>();
  }
  EXPECT_GE(creates, 60u);  // each program makes a context
  Outcome plain = Command({"run", "--cases", "10"}).in(directory.path()).run();
  EXPECT_THAT(plain.out, Not(HasSubstr("coverage: "))) << plain;
}

TEST(Coverage, Has_no_goals_of_what_the_interface_file_lacks) {
  Directory directory;
  std::filesystem::copy_file(library("probe.cddl"), directory.file("probe.cddl"));
  std::string toml = changed(read_file(library("probe.toml")), "host_calls       = true", "host_calls       = false");
  directory.write("poor.toml", toml);
  Judged judged = judge(library("libprobe.so"), {"--cases", "10", "--interface", "poor.toml"}, directory.path());
  for (const auto& cell : judged.json["coverage"]["unreached"]) {
    EXPECT_NE(cell["inside"], "host function");
    EXPECT_NE(cell["call"], "complete");
  }
}

// Its file says that it takes 1,000,000 contexts; so many no run makes. And that it has no native variants, which it exports.
TEST(Self_check, A_full_run_that_never_exercises_an_applicable_rule_ends_with_3_and_a_line_that_names_it) {
  Directory directory;
  std::filesystem::copy_file(library("probe.cddl"), directory.file("probe.cddl"));
  const std::string poor = changed(read_file(library("probe.toml")), "native           = true", "native           = false");
  directory.write("vast.toml", changed(poor, "[contract]\n", "[contract]\nmax_contexts = 1000000\n"));
  std::vector<std::string> options{"--interface", "vast.toml", "--cases", "2000"};
  Judged full = judge(library("libprobe.so"), options, directory.path(), 300);
  EXPECT_EQ(full.outcome.code, 3) << full;
  EXPECT_THAT(full.outcome.out, HasSubstr("\nself-check      END-13 applies to this library and was never exercised in "
                                          "2000 cases: a gap of the generator\n"));
  EXPECT_EQ(full.json["self_check"]["full_run"], true);
  EXPECT_THAT(full.json["self_check"]["never_exercised"].get<std::vector<std::string>>(), Contains("END-13"));
  EXPECT_THAT(full.outcome.out, HasSubstr("the library exports probe_create, probe_echo"));
  EXPECT_THAT(full.json["self_check"]["denied"].get<std::vector<std::string>>(), Contains("probe_echo"));

  options = {"--interface", "vast.toml", "--cases", "20"};
  Judged shortened = judge(library("libprobe.so"), options, directory.path());
  EXPECT_EQ(shortened.json["self_check"]["full_run"], false);
  EXPECT_THAT(shortened.outcome.out, Not(HasSubstr("self-check"))) << shortened;
}

TEST(Progress, Shows_the_rate_and_the_time_left_on_a_terminal_and_wipes_itself_away) {
  Directory directory;
  Outcome outcome = Command({"run", "--time", "2s"}).in(directory.path()).with_errors_on_a_terminal().run();
  EXPECT_THAT(outcome.err, ContainsRegex("\r\x1b\\[K[0-9]+ programs?, [0-9]+/s, [0-9]+ s left")) << outcome;
  EXPECT_THAT(outcome.err, EndsWith("\r\x1b[K"));
  EXPECT_THAT(outcome.out, StartsWith(library("libprobe.so") + " ("));
  EXPECT_THAT(outcome.out, Not(HasSubstr(" left")));
}

TEST(Progress, Is_silent_when_the_run_is_to_be_quiet) {
  Directory directory;
  Outcome outcome = Command({"run", "--time", "1s", "--quiet"}).in(directory.path()).with_errors_on_a_terminal().run();
  EXPECT_EQ(outcome.err, "") << outcome;
}

}  // namespace
}  // namespace ffi_cts::tests
