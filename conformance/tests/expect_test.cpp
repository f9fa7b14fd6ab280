// --expect: failures that are known do not fail a run, and what is no longer so does.
#include <gmock/gmock.h>

#include <pugixml.hpp>

#include "conformance/tests/files.hpp"
#include "conformance/tests/verdicts.hpp"
#include "harness/report/junit_shape.hpp"

namespace ffi_cts::tests {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class Expect : public testing::Test {
 protected:
  // REQ-2_code_7 breaks REQ-2 and nothing else.
  Judged judge_expecting(const std::string& toml,
                         std::vector<std::string> options = {"--rule", "REQ-1", "--rule", "REQ-2"}) {
    directory_.write("known.toml", toml);
    options.insert(options.end(),
                   {"--cases", "300", "--generated-only", "--expect", "known.toml", "--junit", "result.xml"});
    Judged judged = judge(library("faulty/REQ-2_code_7.so"), std::move(options), directory_.path());
    std::string xml = read_file(directory_.file("result.xml"));
    EXPECT_THAT(junit_shape::complaints(xml), IsEmpty()) << xml;
    junit_.load_string(xml.c_str());
    return judged;
  }

  pugi::xml_node failure(const std::string& id) const {
    for (pugi::xml_node testcase : junit_.child("testsuites").child("testsuite").children("testcase"))
      if (std::string(testcase.attribute("name").value()).starts_with(id + ": ")) return testcase.child("failure");
    return {};
  }

  // The one line on standard error; nothing was run.
  std::string refused(const std::string& toml) {
    directory_.write("known.toml", toml);
    Outcome outcome = Command({"run", "--expect", "known.toml"}).in(directory_.path()).run();
    EXPECT_EQ(outcome.code, 2) << outcome;
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  }

  Directory directory_;
  pugi::xml_document junit_;
};

const std::string known = R"([[expect]]
rule    = "REQ-2"
message = "code 7"
reason  = "codes of our own"
link    = "https://example.org/issues/12"
until   = 2999-12-31
)";

TEST_F(Expect, A_failure_that_is_known_passes_as_expected_and_is_shown_so) {
  Judged judged = judge_expecting(known, {"--rule", "REQ-1", "--rule", "REQ-2", "--strict"});
  EXPECT_EQ(judged.outcome.code, 0) << judged;
  EXPECT_THAT(judged.outcome.out, HasSubstr("as expected     REQ-2: code 7"));
  EXPECT_THAT(judged.outcome.out, HasSubstr("(codes of our own; https://example.org/issues/12; until 2999-12-31)\n"));
  EXPECT_THAT(judged.outcome.out, Not(HasSubstr("FAIL")));
  EXPECT_EQ(judged.verdict("REQ-2"), "as expected");
  EXPECT_TRUE(judged.rule("REQ-2")["case"].is_string());
  EXPECT_EQ(judged.json["expectations"][0]["outcome"], "as expected");
  EXPECT_TRUE(failure("REQ-2").empty());
  EXPECT_THAT(junit_.child("testsuites").child("testsuite").child("system-out").text().get(),
              StartsWith("as expected (known.toml:1): codes of our own; "));
}

TEST_F(Expect, Another_failure_of_the_same_rule_fails_the_run) {
  Judged judged = judge_expecting(changed(known, "code 7", "code 8"));
  EXPECT_EQ(judged.outcome.code, 1) << judged;
  EXPECT_EQ(judged.verdict("REQ-2"), "fail");
  EXPECT_THAT(judged.outcome.out, HasSubstr("known.toml:1: REQ-2 is broken otherwise than expected: \"code 8\""));
  EXPECT_EQ(judged.json["expectations"][0]["outcome"], "other failure");
  EXPECT_FALSE(failure("REQ-2").empty());
}

TEST_F(Expect, A_rule_that_passes_all_the_same_fails_the_run) {
  Judged judged = judge_expecting(known + "\n[[expect]]\nrule = \"REQ-1\"\nreason = \"answers twice\"\n");
  EXPECT_EQ(judged.outcome.code, 1) << judged;
  EXPECT_THAT(judged.outcome.out,
              HasSubstr("known.toml:8: REQ-1 passes, and is expected to fail (answers twice): remove the entry\n"));
  EXPECT_THAT(judged.outcome.out, EndsWith("; 1 expectation to be mended\n"));
  EXPECT_EQ(judged.json["expectations"][1]["outcome"], "unexpected pass");
  EXPECT_STREQ(failure("REQ-1").attribute("type").value(), "unexpected pass");
}

TEST_F(Expect, A_rule_that_does_not_apply_fails_the_run) {
  Judged judged =
      judge_expecting("[[expect]]\nrule = \"END-13\"\nreason = \"no slot is freed\"\n", {"--rule", "END-13"});
  EXPECT_EQ(judged.outcome.code, 1) << judged;
  EXPECT_THAT(judged.outcome.out, HasSubstr("known.toml:1: END-13 is stale: the rule does not apply to this library"));
  EXPECT_EQ(judged.json["expectations"][0]["outcome"], "stale");
  EXPECT_STREQ(failure("END-13").attribute("type").value(), "stale");
}

TEST_F(Expect, An_entry_whose_last_day_is_over_fails_the_run) {
  Judged judged = judge_expecting(changed(known, "2999-12-31", "\"2020-02-29\""));
  EXPECT_EQ(judged.outcome.code, 1) << judged;
  EXPECT_THAT(judged.outcome.out, HasSubstr("known.toml:1: REQ-2 expired on 2020-02-29 (codes of our own)"));
  EXPECT_THAT(judged.block("REQ-2"), StartsWith("FAIL REQ-2"));
  EXPECT_EQ(judged.json["expectations"][0]["outcome"], "expired");
  EXPECT_THAT(failure("REQ-2").text().get(), HasSubstr("known.toml:1: REQ-2 expired on 2020-02-29"));
}

TEST_F(Expect, Entries_of_rules_that_the_run_is_not_to_judge_are_left_aside) {
  Judged judged = judge_expecting(known + "[[expect]]\nrule = \"END-13\"\nreason = \"no slot is freed\"\n");
  EXPECT_EQ(judged.outcome.code, 0) << judged;
  EXPECT_EQ(judged.json["expectations"][1]["outcome"], "not asked");
}

TEST_F(Expect, A_mistake_in_the_file_is_told_in_a_line_before_anything_runs) {
  EXPECT_EQ(refused(changed(known, "REQ-2", "REQ-222")),
            "ffi-cts: known.toml:2: expect.rule: the spec has no rule \"REQ-222\" (see: ffi-cts list)\n");
  EXPECT_EQ(refused(changed(known, "reason ", "raison ")),
            "ffi-cts: known.toml:4: expect.raison: unknown key; did you mean \"reason\"?\n");
  EXPECT_EQ(refused(changed(known, "2999-12-31", "\"2999-31-12\"")),
            "ffi-cts: known.toml:6: expect.until: \"2999-31-12\" is no date like 2026-12-31\n");
  EXPECT_THAT(refused("[[expect]]\nrule = \n"), StartsWith("ffi-cts: known.toml:2: TOML: "));
  Outcome missing = Command({"run", "--expect", "nowhere.toml"}).in(directory_.path()).run();
  EXPECT_EQ(missing.code, 2) << missing;
  EXPECT_EQ(missing.err, "ffi-cts: nowhere.toml: cannot be read\n");
}

}  // namespace
}  // namespace ffi_cts::tests
