#include "harness/report/junit.hpp"

#include <gmock/gmock.h>

#include <pugixml.hpp>

#include "harness/report/expect.hpp"
#include "harness/report/junit_shape.hpp"
#include "harness/report/results.hpp"

namespace ffi_cts {
namespace {

using namespace spec::rule;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

const JunitStamp stamp{"2026-03-01T12:00:00", "builder"};

// The document of a result; it must have the schema's shape.
class Document {
 public:
  explicit Document(const Result& result, bool strict = false) : xml_(to_junit(result, strict, stamp)) {
    EXPECT_THAT(junit_shape::complaints(xml_), IsEmpty()) << xml_;
    document_.load_string(xml_.c_str(), pugi::parse_full);
  }
  explicit Document(std::vector<RuleResult> rules) : Document(a_result(std::move(rules))) {}

  const std::string& xml() const { return xml_; }
  pugi::xml_node root() const { return document_.child("testsuites"); }
  pugi::xml_node suite(const char* name) const { return root().find_child_by_attribute("name", name); }
  // The testcase whose name begins so.
  pugi::xml_node testcase(std::string_view begins) const {
    for (pugi::xml_node suite : root())
      for (pugi::xml_node testcase : suite.children("testcase"))
        if (std::string_view(testcase.attribute("name").value()).starts_with(begins)) return testcase;
    return {};
  }
  static std::string property(pugi::xml_node suite, const char* name) {
    return suite.child("properties").find_child_by_attribute("name", name).attribute("value").value();
  }

 private:
  std::string xml_;
  pugi::xml_document document_;
};

TEST(Junit, has_a_suite_for_each_chapter_and_a_testcase_for_each_rule) {
  Document junit({a_rule(REQ_1, Status::pass), a_rule(EVT_5, Status::pass), a_rule(REQ_2, Status::pass)});
  EXPECT_THAT(std::vector(junit.root().begin(), junit.root().end()), SizeIs(2));
  pugi::xml_node requests = junit.suite("REQ requests");
  EXPECT_EQ(requests.attribute("tests").as_int(), 2);
  EXPECT_EQ(requests.attribute("timestamp").value(), stamp.timestamp);
  EXPECT_EQ(requests.attribute("hostname").value(), stamp.host);
  pugi::xml_node rule = junit.testcase("REQ-1:");
  EXPECT_EQ(rule.attribute("name").value(), "REQ-1: " + std::string(REQ_1.rule().sentence));
  EXPECT_STREQ(rule.attribute("classname").value(), "libfoo");
  EXPECT_TRUE(rule.first_child().empty());
}

TEST(Junit, gives_the_seed_the_cases_and_the_library_as_properties_of_each_suite) {
  Document junit({a_rule(REQ_1, Status::pass), a_rule(EVT_5, Status::pass)});
  for (pugi::xml_node suite : junit.root()) {
    EXPECT_EQ(Document::property(suite, "seed"), "7");
    EXPECT_EQ(Document::property(suite, "cases"), "10000");
    EXPECT_EQ(Document::property(suite, "library"), "lib/libfoo.so");
    EXPECT_EQ(Document::property(suite, "interface"), "lib/foo.toml");
  }
}

TEST(Junit, shares_the_time_of_the_run_among_the_rules_judged_and_adds_what_a_breach_took) {
  RuleResult broken = a_failure(EVT_9);
  broken.investigated_s = 3;
  Document junit({a_rule(REQ_1, Status::pass), a_rule(REQ_6, Status::not_applicable, "needs role progress"), broken});
  EXPECT_STREQ(junit.testcase("REQ-1:").attribute("time").value(), "6.250");
  EXPECT_STREQ(junit.testcase("REQ-6:").attribute("time").value(), "0.000");
  EXPECT_STREQ(junit.testcase("EVT-9:").attribute("time").value(), "9.250");
  EXPECT_STREQ(junit.suite("EVT events").attribute("time").value(), "9.250");
}

TEST(Junit, tells_a_failure_as_the_report_does) {
  Document junit({a_failure(EVT_9), a_rule(EVT_5, Status::pass)});
  EXPECT_EQ(junit.suite("EVT events").attribute("failures").as_int(), 1);
  pugi::xml_node failure = junit.testcase("EVT-9:").child("failure");
  EXPECT_STREQ(failure.attribute("type").value(), "MUST");
  EXPECT_STREQ(failure.attribute("message").value(),
               "expected: l1 hears no event after its removal; seen: it heard another");
  std::string text = failure.text().get();
  EXPECT_THAT(text, StartsWith("FAIL EVT-9 MUST  "));
  for (const char* part : {"\n  expected  ", "\n  seen      ", "\n  program   4 steps", "\n  trace     #10 loop",
                           "\n  replay    ffi-cts replay cases/EVT-9-7f3a.case"})
    EXPECT_THAT(text, HasSubstr(part));
}

TEST(Junit, takes_a_broken_SHOULD_as_a_failure_of_a_strict_run_only) {
  Result result = a_result({a_failure(EVT_2)});
  Document lenient(result), strict(result, true);
  EXPECT_TRUE(lenient.testcase("EVT-2:").first_child().empty());
  EXPECT_EQ(Document::property(lenient.suite("EVT events"), "warnings"), "EVT-2");
  EXPECT_THAT(lenient.suite("EVT events").child("system-out").text().get(), StartsWith("WARN EVT-2 SHOULD  "));
  EXPECT_STREQ(strict.testcase("EVT-2:").child("failure").attribute("type").value(), "SHOULD");
  EXPECT_STREQ(strict.suite("EVT events").child("system-out").text().get(), "");
}

TEST(Junit, skips_what_was_not_judged_and_says_why) {
  Document junit({a_rule(REQ_6, Status::not_applicable, "needs role progress"), a_rule(REQ_7, Status::not_exercised)});
  EXPECT_STREQ(junit.testcase("REQ-6:").child("skipped").attribute("message").value(),
               "not applicable: needs role progress");
  EXPECT_STREQ(junit.testcase("REQ-7:").child("skipped").attribute("message").value(), "not exercised");
  EXPECT_EQ(junit.suite("REQ requests").attribute("skipped").as_int(), 2);
}

TEST(Junit, takes_what_could_not_be_decided_as_an_error) {
  Document junit({a_rule(EVT_4, Status::unknown, "seen broken in 2 cases, and never again")});
  pugi::xml_node error = junit.testcase("EVT-4:").child("error");
  EXPECT_STREQ(error.attribute("type").value(), "unknown");
  EXPECT_STREQ(error.attribute("message").value(), "seen broken in 2 cases, and never again");
}

TEST(Junit, has_an_error_when_the_library_could_not_be_judged_to_the_end) {
  Result result = a_result({a_rule(REQ_1, Status::pass), a_rule(REQ_7, Status::not_exercised)});
  result.stopped = "the library can no longer be loaded";
  Document junit(result);
  EXPECT_THAT(junit.testcase("REQ-7:").child("error").attribute("message").value(), HasSubstr(result.stopped));
  EXPECT_TRUE(junit.testcase("REQ-1:").first_child().empty());
  pugi::xml_node run = junit.suite("run");
  EXPECT_EQ(run.attribute("errors").as_int(), 1);
  EXPECT_EQ(run.child("testcase").child("error").attribute("message").value(), result.stopped);
}

Expectation an_expectation(spec::RuleId rule, std::string until = {}) {
  Expectation out(rule);
  out.reason = "known";
  out.link = "https://example.org/12";
  out.until = std::move(until);
  out.file = "expect.toml";
  out.line = 3;
  return out;
}

TEST(Junit, takes_a_failure_that_is_expected_as_passed_and_tells_it_all_the_same) {
  Result result = a_result({a_failure(EVT_9)});
  apply({an_expectation(EVT_9, "2026-12-31")}, {}, "2026-03-01", result);
  Document junit(result);
  EXPECT_TRUE(junit.testcase("EVT-9:").first_child().empty());
  pugi::xml_node suite = junit.suite("EVT events");
  EXPECT_EQ(Document::property(suite, "as expected"), "EVT-9");
  EXPECT_THAT(suite.child("system-out").text().get(),
              StartsWith("as expected (expect.toml:3): known; https://example.org/12; until 2026-12-31\nFAIL EVT-9 "));
}

TEST(Junit, skips_what_is_expected_to_fail_and_could_not_be_decided) {
  Result result = a_result({a_rule(EVT_4, Status::unknown, "seen broken in 2 cases, and never again")});
  apply({an_expectation(EVT_4)}, {}, "2026-03-01", result);
  EXPECT_STREQ(Document(result).testcase("EVT-4:").child("skipped").attribute("message").value(),
               "unknown, and expected to fail: seen broken in 2 cases, and never again");
}

TEST(Junit, takes_an_expectation_that_does_not_hold_as_a_failure) {
  Result result = a_result({a_rule(REQ_1, Status::pass), a_failure(EVT_9),
                            a_rule(END_13, Status::not_applicable, "needs contract max_contexts")});
  apply({an_expectation(REQ_1), an_expectation(EVT_9, "2026-02-28"), an_expectation(END_13)}, {}, "2026-03-01", result);
  Document junit(result);
  EXPECT_STREQ(junit.testcase("REQ-1:").child("failure").attribute("type").value(), "unexpected pass");
  EXPECT_THAT(junit.testcase("REQ-1:").child("failure").attribute("message").value(), HasSubstr("remove the entry"));
  EXPECT_STREQ(junit.testcase("END-13:").child("failure").attribute("type").value(), "stale");
  EXPECT_STREQ(junit.testcase("EVT-9:").child("failure").attribute("type").value(), "MUST");
  EXPECT_THAT(junit.testcase("EVT-9:").child("failure").text().get(), HasSubstr("EVT-9 expired on 2026-02-28"));
}

TEST(Junit, holds_nothing_that_XML_cannot_hold) {
  RuleResult rule = a_failure();
  rule.breach->example.sighting.verdict.seen = "a\x01z <&\">]]> \xff \xef\xbf\xbe \xc3\xa4";
  rule.breach->example.sighting.verdict.expected = std::string("\0 zero", 6);
  rule.breach->case_file = "cases/\x02.case";
  Result result = a_result({rule, a_rule(EVT_4, Status::unknown, "\x1b[31m\xed\xa0\x80")});
  result.library = "lib\x07/libfoo.so";
  Document junit(result);
  EXPECT_THAT(junit.testcase("EVT-9:").child("failure").attribute("message").value(),
              HasSubstr("z <&\">]]> \ufffd \ufffd ä"));
  EXPECT_THAT(junit.xml(), Not(HasSubstr("\x1b")));
}

TEST(Xml_text, keeps_every_character_of_XML_1_0_and_replaces_the_rest) {
  EXPECT_EQ(xml_text("tab\t lf\n cr\r é € 😀"), "tab\t lf\n cr\r é € 😀");
  EXPECT_EQ(xml_text(std::string_view("\0\x0b\x1f\x7f", 4)), "\ufffd\ufffd\ufffd\x7f");
  EXPECT_EQ(xml_text("\xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbd \xf4\x8f\xbf\xbf"),
            "\xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbd \xf4\x8f\xbf\xbf");
  // U+FFFE, U+FFFF, a surrogate, what is beyond Unicode: each a character as it stands.
  EXPECT_EQ(xml_text("\xef\xbf\xbe|\xef\xbf\xbf|\xed\xa0\x80|\xf4\x90\x80\x80"), "\ufffd|\ufffd|\ufffd|\ufffd");
  // No UTF-8: each byte.
  EXPECT_EQ(xml_text("\x80|\xc0\xaf|\xe2\x82|\xf8\x88\x80\x80\x80|\xc3"),
            "\ufffd|\ufffd\ufffd|\ufffd\ufffd|\ufffd\ufffd\ufffd\ufffd\ufffd|\ufffd");
}

TEST(Junit_stamp, is_a_time_without_a_zone_and_a_host) {
  JunitStamp now = junit_stamp();
  EXPECT_THAT(now.timestamp, testing::MatchesRegex("20..-..-..T..:..:.."));
  EXPECT_FALSE(now.host.empty());
}

TEST(Junit_shape, is_seen_to_be_wrong) {
  std::string good = to_junit(a_result({a_rule(REQ_1, Status::pass), a_failure(EVT_9)}), false, stamp);
  ASSERT_THAT(junit_shape::complaints(good), IsEmpty());
  auto changed = [&](const std::string& from, const std::string& to) {
    std::string out = good;
    EXPECT_NE(out.find(from), std::string::npos) << from;
    return out.replace(out.find(from), from.size(), to);
  };
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"tests=\"1\"", "tests=\"2\""},
                                                        {"failures=\"1\"", "failures=\"0\""},
                                                        {"id=\"0\"", "id=\"1\""},
                                                        {" timestamp=\"2026-03-01T12:00:00\"", ""},
                                                        {"2026-03-01T12:00:00\"", "2026-03-01T12:00:00Z\""},
                                                        {"classname=", "class="},
                                                        {"<system-err />", ""},
                                                        {"<system-out>", "<output>"},
                                                        {"<properties>", "<properties/><properties>"},
                                                        {"<failure type=", "<failure kind="},
                                                        {"<failure ", "<skipped/><failure "},
                                                        {" time=\"", " time=\"-"},
                                                        {"hears no", "hears &#1; no"},
                                                        {"<testsuites>", "<testsuites name=\"x\">"}})
    EXPECT_THAT(junit_shape::complaints(changed(from, to)), Not(IsEmpty())) << from << " -> " << to;
}

}  // namespace
}  // namespace ffi_cts
