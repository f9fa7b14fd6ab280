// Saved counterexamples, run again.
#include <gmock/gmock.h>

#include <regex>

#include "conformance/tests/files.hpp"
#include "conformance/tests/verdicts.hpp"

namespace ffi_cts::tests {
namespace {

using testing::HasSubstr;

class Replay : public testing::Test {
 protected:
  // The case file of the rule, as a run on the faulty library saves it.
  std::string saved(const std::string& faulty, const std::string& rule, const std::string& cases) {
    Judged judged = judge(library("faulty/" + faulty + ".so"), {"--rule", rule, "--cases", cases}, directory_.path());
    EXPECT_EQ(judged.outcome.code, 1) << judged;
    auto file = judged.rule(rule).value("case", nlohmann::json());
    EXPECT_TRUE(file.is_string()) << judged;
    return file.is_string() ? file.get<std::string>() : "";
  }

  Outcome replay(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "replay");
    return Command(std::move(arguments)).in(directory_.path()).within(200).run();
  }

  Directory directory_;
};

TEST_F(Replay, A_deterministic_counterexample_is_broken_20_times_of_20) {
  std::string file = saved("REQ-2_code_7", "REQ-2", "300");
  Outcome outcome = replay({file, "--repeat", "20"});
  EXPECT_EQ(outcome.code, 1) << outcome;
  EXPECT_THAT(outcome.out, HasSubstr("20 of 20")) << outcome;
  EXPECT_THAT(outcome.out, HasSubstr("FAIL REQ-2 MUST")) << outcome;
  EXPECT_THAT(outcome.out, HasSubstr("seen      code 7")) << outcome;
  EXPECT_EQ(outcome.err, "");
}

TEST_F(Replay, A_rare_counterexample_is_broken_at_least_once_in_50) {
  std::string file = saved("REQ-1_twice_1_in_200", "REQ-1", "4000");
  Outcome outcome = replay({file, "--repeat", "50"});
  EXPECT_EQ(outcome.code, 1) << outcome;
  std::smatch match;
  ASSERT_TRUE(std::regex_search(outcome.out, match, std::regex("broken in (\\d+) of 50"))) << outcome;
  EXPECT_GE(std::stoi(match[1]), 1) << outcome;
}

TEST_F(Replay, The_line_that_a_failure_prints_to_replay_it_does_so_where_the_run_was) {
  Outcome run = Command({"run", library("faulty/REQ-2_code_7.so"), "--rule", "REQ-2", "--cases", "60"})
                    .in(directory_.path())
                    .run();
  std::smatch match;
  ASSERT_TRUE(std::regex_search(run.out, match, std::regex("replay    ffi-cts replay (\\S+)\n"))) << run;
  Outcome outcome = replay({match[1]});
  EXPECT_EQ(outcome.code, 1) << outcome;
  EXPECT_THAT(outcome.out, HasSubstr("1 of 1")) << outcome;
}

TEST_F(Replay, A_case_whose_library_was_mended_is_not_broken_and_the_change_is_told) {
  std::string file = saved("REQ-2_code_7", "REQ-2", "300");
  std::string mended = directory_.write(
      "mended.case", changed(changed(read_file(file), library("faulty/REQ-2_code_7.so"), library("libprobe.so")),
                             library("faulty/REQ-2_code_7.toml"), library("probe.toml")));
  Outcome outcome = replay({mended, "--repeat", "3"});
  EXPECT_EQ(outcome.code, 0) << outcome;
  EXPECT_THAT(outcome.out, HasSubstr("0 of 3")) << outcome;
  EXPECT_THAT(outcome.err, HasSubstr("has changed")) << outcome;
}

}  // namespace
}  // namespace ffi_cts::tests
