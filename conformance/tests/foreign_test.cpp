// Libraries that crash, hang, exit, print and leak: each is judged to the end, and nothing is lost.
#include <gmock/gmock.h>

#include <filesystem>
#include <regex>
#include <set>

#include "conformance/tests/files.hpp"
#include "conformance/tests/verdicts.hpp"

namespace ffi_cts::tests {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class Foreign : public testing::Test {
 protected:
  Judged judge_foreign(const std::string& name, std::vector<std::string> options, double within = 120) {
    Judged judged = judge(library("faulty/foreign/" + name + ".so"), std::move(options), directory_.path(), within);
    EXPECT_FALSE(judged.outcome.out_of_time) << judged;
    EXPECT_EQ(judged.outcome.err, "");
    EXPECT_FALSE(judged.json.is_null()) << judged;
    return judged;
  }

  static void expect_all_well(const Judged& judged) {
    EXPECT_EQ(judged.outcome.code, 0) << judged;
    EXPECT_THAT(judged.not_passed(), IsEmpty());
  }

  static std::size_t passed(const Judged& judged) {
    std::size_t count = 0;
    for (const auto& rule : judged.json["rules"]) count += rule["verdict"] == "pass";
    return count;
  }

  Directory directory_;
};
using ForeignSixDefects = Foreign;
using ForeignSlow = Foreign;

TEST_F(Foreign, A_library_that_aborts_while_it_is_loaded_is_reported_with_its_signal) {
  Judged judged = judge_foreign("crash_on_load", {"--cases", "100"});
  EXPECT_EQ(judged.outcome.code, 1) << judged;
  EXPECT_EQ(judged.verdict("REQ-22"), "fail");
  EXPECT_THAT(judged.rule("REQ-22")["message"], HasSubstr("SIGABRT"));
  EXPECT_THAT(judged.block("REQ-22"), HasSubstr("while the library was loaded"));
  // Nothing else can be known of it, and nothing else is claimed.
  EXPECT_EQ(judged.verdict("REQ-1"), "not exercised");
}

TEST_F(Foreign, A_library_that_hangs_in_create_is_reported_as_hanging_there) {
  Judged judged = judge_foreign("hang_in_create", {"--cases", "300", "--time", "15s"});
  EXPECT_EQ(judged.outcome.code, 1) << judged;
  EXPECT_EQ(judged.verdict("REQ-22"), "fail");
  EXPECT_THAT(judged.block("REQ-22"), HasSubstr("create of c1 did not return"));
  EXPECT_THAT(judged.block("REQ-22"), HasSubstr("hang_in_create.so!probe_create_cbor"));
  EXPECT_EQ(judged.rule("REQ-22")["steps"], 1) << judged.block("REQ-22");
}

TEST_F(Foreign, A_library_that_crashes_in_every_second_case_is_judged_in_all_of_them) {
  Judged judged = judge_foreign("crash_every_second_case", {"--cases", "400"});
  EXPECT_EQ(judged.outcome.code, 1) << judged;
  EXPECT_EQ(judged.verdict("REQ-22"), "fail");
  EXPECT_THAT(judged.rule("REQ-22")["message"], HasSubstr("SIGSEGV"));
  EXPECT_EQ(judged.json["cases"], 400);
  EXPECT_GT(passed(judged), 40u) << judged;
}

TEST_F(Foreign, A_library_that_prints_megabytes_is_not_blamed_for_it) {
  expect_all_well(judge_foreign("prints_megabytes", {"--cases", "900"}));
}

TEST_F(Foreign, A_library_that_calls_exit_is_reported_with_its_status_and_judged_on) {
  Judged judged = judge_foreign("calls_exit", {"--cases", "400"});
  EXPECT_EQ(judged.outcome.code, 1) << judged;
  EXPECT_EQ(judged.verdict("REQ-22"), "fail");
  EXPECT_THAT(judged.rule("REQ-22")["message"], HasSubstr("exited with status 7"));
  EXPECT_EQ(judged.json["cases"], 400);
  EXPECT_GT(passed(judged), 40u) << judged;
}

TEST_F(Foreign, A_library_with_a_thread_that_wakes_every_100_ms_and_never_leaves_is_correct) {
  expect_all_well(judge_foreign("polls", {"--cases", "900"}));
}

// Without the scenario that makes two hundred contexts by itself.
TEST_F(Foreign, A_library_that_waits_for_another_process_cleans_up_later_and_prints_meanwhile_is_correct) {
  Judged judged = judge_foreign("unusual", {"--cases", "400"});
  EXPECT_THAT(judged.outcome.code, AnyOf(0, 3)) << judged;
  EXPECT_THAT(judged.not_passed(), testing::Each(testing::EndsWith(" not exercised"))) << judged;  // these cases are few
}

TEST_F(Foreign, A_library_that_waits_for_its_own_thread_while_it_is_loaded_works) {
  Judged judged = judge_foreign("waits_at_load", {"--cases", "100", "--rule", "LOAD", "--rule", "REQ-1"});
  EXPECT_THAT(judged.outcome.code, AnyOf(0, 3)) << judged;
  EXPECT_EQ(judged.verdict("REQ-1"), "pass");
  EXPECT_EQ(judged.verdict("LOAD-5"), "warn");
}

TEST_F(Foreign, A_library_that_closes_its_hosts_descriptors_is_told_of_and_the_run_ends) {
  Judged judged = judge_foreign("closes_descriptors", {"--cases", "100", "--rule", "REQ-22"});
  EXPECT_EQ(judged.outcome.code, 1) << judged;
  EXPECT_THAT(judged.block("REQ-22"), HasSubstr("the library closed descriptors that were its host's"));
}

TEST_F(Foreign, A_hang_beside_a_thread_that_prints_is_a_hang) {
  Judged judged = judge_foreign("beats_while_it_hangs", {"--cases", "12", "--rule", "REQ-22", "--timeout", "1s"});
  EXPECT_EQ(judged.outcome.code, 1) << judged;
  EXPECT_THAT(judged.outcome.out, HasSubstr("did not return"));
}

TEST_F(Foreign, A_late_read_on_a_thread_that_blocks_all_signals_is_seen_with_its_place) {
  Judged judged = judge_foreign("blocks_its_faults", {"--cases", "60", "--rule", "PAY-1"});
  EXPECT_EQ(judged.verdict("PAY-1"), "fail") << judged;
}

TEST_F(Foreign, A_crash_that_comes_of_leaked_descriptors_is_reported_as_depending_on_history) {
  Judged judged = judge_foreign("leaks_descriptor", {"--cases", "4000", "--rule", "REQ-22", "--generated-only"});
  EXPECT_EQ(judged.outcome.code, 1) << judged;
  EXPECT_EQ(judged.verdict("REQ-22"), "fail");
  EXPECT_EQ(judged.json["cases"], 4000);
  std::regex history("after \\d+ runs of it in one process|depends on what the process did before");
  EXPECT_TRUE(std::regex_search(judged.block("REQ-22"), history)) << judged;
  // With that history it comes again.
  ASSERT_TRUE(judged.rule("REQ-22")["case"].is_string()) << judged;
  Outcome replay = Command({"replay", judged.rule("REQ-22")["case"]}).in(directory_.path()).run();
  EXPECT_EQ(replay.code, 1) << replay;
}

TEST_F(ForeignSixDefects, Six_defects_at_once_are_all_reported_by_one_default_run_each_with_a_program_of_its_own) {
  Judged judged = judge_foreign("six_defects", {}, 300);
  EXPECT_EQ(judged.outcome.code, 1) << judged;
  std::set<std::string> programs, cases;
  for (const char* id : {"REQ-2", "REQ-18", "PAY-7", "EVT-5", "EVT-9", "END-4"}) {
    SCOPED_TRACE(id);
    auto rule = judged.rule(id);
    EXPECT_EQ(judged.verdict(id), std::string(id) == "REQ-18" ? "warn" : "fail");
    ASSERT_TRUE(rule.contains("program")) << "it has no program\n" << judged.block(id);
    EXPECT_LE(rule["steps"], 6) << rule["program"];
    programs.insert(rule["program"]);
    ASSERT_TRUE(rule["case"].is_string());
    std::filesystem::path file = rule["case"].get<std::string>();
    EXPECT_TRUE(exists(file)) << file;
    EXPECT_THAT(file.filename().string(), StartsWith(id + std::string("-")));
    cases.insert(file.string());
  }
  EXPECT_EQ(programs.size(), 6u);
  EXPECT_EQ(cases.size(), 6u);
}

TEST_F(ForeignSlow, A_library_that_takes_100_ms_to_create_and_destroy_is_exercised_in_every_rule_by_a_default_run) {
  expect_all_well(judge_foreign("slow_create", {}, 300));
}

}  // namespace
}  // namespace ffi_cts::tests
