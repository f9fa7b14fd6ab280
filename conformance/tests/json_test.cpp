// --json: what programs read.
#include <gmock/gmock.h>

#include <filesystem>

#include "conformance/tests/files.hpp"
#include "conformance/tests/verdicts.hpp"

namespace ffi_cts::tests {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

TEST(Json, Is_one_object_with_a_verdict_for_every_rule_judged) {
  Directory directory;
  Judged judged = judge(library("faulty/REQ-2_code_7.so"), {"--cases", "150", "--seed", "9"}, directory.path());
  const auto& json = judged.json;
  ASSERT_TRUE(json.is_object()) << judged;
  EXPECT_EQ(json["library"], library("faulty/REQ-2_code_7.so"));
  EXPECT_EQ(json["seed"], 9);
  EXPECT_EQ(json["cases"], 150);
  EXPECT_GT(json["cases_per_second"].get<double>(), 0);
  ASSERT_TRUE(json["rules"].is_array());
  EXPECT_GT(json["rules"].size(), 60u);
  for (const auto& rule : json["rules"]) {
    SCOPED_TRACE(rule.dump());
    EXPECT_TRUE(rule["id"].is_string());
    EXPECT_THAT(rule["level"].get<std::string>(), AnyOf("MUST", "SHOULD"));
    EXPECT_THAT(rule["verdict"].get<std::string>(),
                AnyOf("pass", "fail", "warn", "not exercised", "not applicable", "unknown"));
    EXPECT_TRUE(rule["exercised"].is_number_unsigned());
    EXPECT_TRUE(rule["message"].is_string());
    EXPECT_TRUE(rule["case"].is_null() || rule["case"].is_string());
    EXPECT_EQ(rule["verdict"] == "not exercised" || rule["verdict"] == "not applicable", rule["exercised"] == 0);
  }
}

TEST(Json, Tells_of_a_broken_rule_what_was_seen_its_program_and_where_it_was_saved) {
  Directory directory;
  Judged judged = judge(library("faulty/REQ-2_code_7.so"), {"--cases", "60", "--rule", "REQ-2"}, directory.path());
  ASSERT_EQ(judged.json["rules"].size(), 1u) << judged;
  auto rule = judged.rule("REQ-2");
  EXPECT_EQ(rule["verdict"], "fail");
  EXPECT_THAT(rule["message"].get<std::string>(), HasSubstr("code 7"));
  EXPECT_THAT(rule["program"].get<std::string>(), HasSubstr("empty"));
  EXPECT_GE(rule["steps"].get<int>(), 2);
  EXPECT_TRUE(std::filesystem::exists(rule["case"].get<std::string>()));
}

TEST(Json, On_standard_output_stands_alone) {
  Directory directory;
  Outcome outcome = Command({"run", "--cases", "20", "--json", "-"}).in(directory.path()).run();
  EXPECT_TRUE(nlohmann::json::accept(outcome.out)) << outcome;
}

TEST(Json, That_cannot_be_written_is_told_after_the_report_with_exit_code_2) {
  Directory directory;
  Outcome outcome = Command({"run", "--cases", "20", "--json", "/nowhere/x.json"}).in(directory.path()).run();
  EXPECT_EQ(outcome.code, 2) << outcome;
  EXPECT_THAT(outcome.err, HasSubstr("/nowhere/x.json")) << outcome;
  EXPECT_THAT(outcome.out, HasSubstr(" rules: ")) << outcome;
}

TEST(Json, Of_the_faulty_libraries_has_a_row_for_each) {
  Outcome outcome = Command({"list", "faulty", "--only", "REQ-17", "--json"}).run();
  EXPECT_EQ(outcome.code, 0) << outcome;
  auto rows = nlohmann::json::parse(outcome.out);
  ASSERT_EQ(rows.size(), 2u) << outcome;
  for (const auto& row : rows) {
    EXPECT_EQ(row["rule"], "REQ-17");
    EXPECT_EQ(row["caught"], true) << row;
    EXPECT_GE(row["cases_median"], 1) << row;
    EXPECT_LE(row["shrunk_steps"], 2) << row;
  }
  EXPECT_EQ(rows[0]["id"], "REQ-17_wrong_handle");
}

}  // namespace
}  // namespace ffi_cts::tests
