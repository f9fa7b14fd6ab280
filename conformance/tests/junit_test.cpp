// --junit: what CI reads. Its shape in every case is a unit test of the report's; here it is the command's file.
#include <gmock/gmock.h>

#include <pugixml.hpp>
#include <set>

#include "conformance/tests/files.hpp"
#include "conformance/tests/verdicts.hpp"
#include "harness/report/junit_shape.hpp"

namespace ffi_cts::tests {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class Junit : public testing::Test {
 protected:
  // Judges a library, and reads the file that was written; it must have the schema's shape.
  Judged judge_with_junit(const std::string& name, std::vector<std::string> options) {
    options.insert(options.end(), {"--junit", directory_.file("result.xml")});
    Judged judged = judge(library(name), std::move(options), directory_.path());
    read(read_file(directory_.file("result.xml")));
    return judged;
  }
  void read(const std::string& xml) {
    EXPECT_THAT(junit_shape::complaints(xml), IsEmpty()) << xml;
    document_.load_string(xml.c_str());
  }

  pugi::xml_node suites() const { return document_.child("testsuites"); }
  int sum(const char* attribute) const {
    int sum = 0;
    for (pugi::xml_node suite : suites()) sum += suite.attribute(attribute).as_int();
    return sum;
  }
  pugi::xml_node testcase(const std::string& id) const {
    for (pugi::xml_node suite : suites())
      for (pugi::xml_node testcase : suite.children("testcase"))
        if (std::string(testcase.attribute("name").value()).starts_with(id + ": ")) return testcase;
    return {};
  }

  Directory directory_;
  pugi::xml_document document_;
};

TEST_F(Junit, Has_the_testcases_and_the_outcomes_of_the_JSON) {
  Judged judged = judge_with_junit("faulty/REQ-2_code_7.so", {"--cases", "300", "--generated-only", "--seed", "9"});
  ASSERT_EQ(judged.outcome.code, 1) << judged;
  std::map<std::string, int> verdicts;
  std::set<std::string> chapters;
  for (const auto& rule : judged.json["rules"]) {
    std::string id = rule["id"];
    ++verdicts[rule["verdict"]];
    chapters.insert(id.substr(0, id.find('-')));
    EXPECT_FALSE(testcase(id).empty()) << id;
    EXPECT_EQ(rule["verdict"] == "fail", !testcase(id).child("failure").empty()) << rule;
  }
  EXPECT_EQ(sum("tests"), static_cast<int>(judged.json["rules"].size()));
  EXPECT_EQ(sum("failures"), verdicts["fail"]);
  EXPECT_EQ(sum("skipped"), verdicts["not applicable"] + verdicts["not exercised"]);
  EXPECT_EQ(sum("errors"), verdicts["unknown"]);
  EXPECT_EQ(static_cast<std::size_t>(std::distance(suites().begin(), suites().end())), chapters.size());
  pugi::xml_node seed = suites().child("testsuite").child("properties").find_child_by_attribute("name", "seed");
  EXPECT_STREQ(seed.attribute("value").value(), "9");
}

TEST_F(Junit, Holds_of_a_failure_all_that_the_report_says) {
  Judged judged = judge_with_junit("faulty/EVT-9_deadlock.so", {"--rule", "EVT-9", "--cases", "60"});
  ASSERT_EQ(judged.outcome.code, 1) << judged;
  EXPECT_EQ(testcase("EVT-9").child("failure").text().get(), judged.block("EVT-9") + "\n");
  EXPECT_STREQ(testcase("EVT-9").attribute("classname").value(), "EVT-9_deadlock");
  EXPECT_THAT(judged.block("EVT-9"), HasSubstr("\n  replay    ffi-cts replay "));
}

TEST_F(Junit, Has_an_error_for_a_library_that_cannot_be_judged_to_the_end) {
  Judged judged = judge_with_junit("faulty/foreign/crash_on_load.so", {"--cases", "50"});
  EXPECT_EQ(judged.outcome.code, 1) << judged;
  EXPECT_STREQ(testcase("REQ-22").child("failure").attribute("type").value(), "MUST");
  pugi::xml_node run = suites().find_child_by_attribute("name", "run");
  EXPECT_STREQ(run.child("testcase").child("error").attribute("message").value(), "the library did not load");
  EXPECT_THAT(testcase("EVT-4").child("error").attribute("message").value(), HasSubstr("the library did not load"));
}

TEST_F(Junit, On_standard_output_stands_alone) {
  Outcome outcome = Command({"run", "--cases", "20", "--junit", "-", "--coverage"}).in(directory_.path()).run();
  read(outcome.out);
  EXPECT_GT(sum("tests"), 60) << outcome;
}

TEST_F(Junit, That_cannot_be_written_is_told_in_a_line_after_the_report_and_loses_nothing_else) {
  Outcome outcome =
      Command({"run", "--cases", "20", "--junit", "/nowhere/x.xml", "--json", "x.json"}).in(directory_.path()).run();
  EXPECT_EQ(outcome.code, 2) << outcome;
  EXPECT_EQ(outcome.err, "ffi-cts: /nowhere/x.xml: cannot be written\n");
  EXPECT_THAT(outcome.out, ContainsRegex("\n[0-9]+ rules: [^\n]*\n$")) << outcome;
  EXPECT_TRUE(nlohmann::json::accept(read_file(directory_.file("x.json"))));
}

TEST_F(Junit, Cannot_share_standard_output_with_the_JSON) {
  Outcome outcome = Command({"run", "--junit", "-", "--json", "-"}).in(directory_.path()).run();
  EXPECT_EQ(outcome.code, 2) << outcome;
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, StartsWith("ffi-cts: --json and --junit")) << outcome;
}

TEST_F(Junit, Comes_although_the_counterexamples_cannot_be_saved) {
  Outcome outcome = Command({"run", library("faulty/REQ-2_code_7.so"), "--rule", "REQ-2", "--cases", "60", "--save",
                             "/proc/nowhere", "--junit", "x.xml"})
                        .in(directory_.path())
                        .run();
  EXPECT_EQ(outcome.code, 2) << outcome;
  EXPECT_THAT(outcome.err, HasSubstr("/proc/nowhere")) << outcome;
  EXPECT_THAT(outcome.out, StartsWith(library("faulty/REQ-2_code_7.so"))) << outcome;
  EXPECT_THAT(outcome.out, HasSubstr("FAIL REQ-2 MUST")) << outcome;
  read(read_file(directory_.file("x.xml")));
  EXPECT_EQ(sum("failures"), 1);
}

}  // namespace
}  // namespace ffi_cts::tests
