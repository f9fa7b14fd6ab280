// The file of --expect, and what becomes of its entries.
#include "harness/report/expect.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "harness/report/report.hpp"
#include "harness/report/results.hpp"

namespace ffi_cts {
namespace {

using namespace spec::rule;
using Fate = Expectation::Outcome;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ExpectationFile : public testing::Test {
 protected:
  ExpectationFile() : directory_(testing::TempDir() + fmt::format("ffi-cts-expect-{}", getpid())) {
    std::filesystem::create_directories(directory_);
  }
  ~ExpectationFile() override { std::filesystem::remove_all(directory_); }

  std::vector<Expectation> load(const std::string& text) const {
    std::ofstream(directory_ + "/e.toml", std::ios::binary) << text;
    return load_expectations(directory_ + "/e.toml");
  }
  // What is said of such a file, without the folder before it.
  std::string mistake(const std::string& text) const {
    try {
      load(text);
    } catch (const InterfaceError& error) {
      return std::string(error.what()).substr(directory_.size() + 1);
    }
    return "";
  }

  std::string directory_;
};

TEST_F(ExpectationFile, is_read_whole) {
  auto all = load(R"(# known
[[expect]]
rule    = "EVT-9"
message = "did not return"
reason  = "remove waits for the loop"
link    = "https://example.org/issues/12"
until   = "2026-12-31"

[[expect]]
rule   = "REQ-1"
reason = "answers twice"
)");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].rule, EVT_9);
  EXPECT_EQ(all[0].message, "did not return");
  EXPECT_EQ(all[0].reason, "remove waits for the loop");
  EXPECT_EQ(all[0].link, "https://example.org/issues/12");
  EXPECT_EQ(all[0].until, "2026-12-31");
  EXPECT_EQ(all[0].line, 2);
  EXPECT_EQ(all[1].rule, REQ_1);
  EXPECT_EQ(all[1].until, "");
  EXPECT_EQ(all[1].line, 9);
  EXPECT_THAT(load(""), IsEmpty());
}

TEST_F(ExpectationFile, may_have_its_date_with_or_without_quotes) {
  EXPECT_EQ(load("[[expect]]\nrule = \"REQ-1\"\nreason = \"x\"\nuntil = 2028-02-29\n")[0].until, "2028-02-29");
}

TEST_F(ExpectationFile, is_refused_with_its_line_and_key) {
  const std::string entry = "[[expect]]\nrule = \"REQ-1\"\nreason = \"x\"\n";
  EXPECT_EQ(mistake("[[expect]]\nrule = \"EVT-99\"\nreason = \"x\"\n"),
            "e.toml:2: expect.rule: the spec has no rule \"EVT-99\" (see: ffi-cts list)");
  EXPECT_EQ(mistake("[[expect]]\nrule = \"EVT\"\nreason = \"x\"\n").find("e.toml:2: expect.rule: "), 0u);
  EXPECT_EQ(mistake(entry + "untill = \"2026-01-01\"\n"),
            "e.toml:4: expect.untill: unknown key; did you mean \"until\"?");
  EXPECT_EQ(mistake("\n[[expects]]\nrule = \"REQ-1\"\n"), "e.toml:2: expects: unknown key; did you mean \"expect\"?");
  EXPECT_EQ(mistake("[[expect]]\nreason = \"x\"\n"), "e.toml:1: expect.rule: missing");
  EXPECT_EQ(mistake("[[expect]]\nrule = \"REQ-1\"\n"), "e.toml:1: expect.reason: missing");
  EXPECT_EQ(mistake("[[expect]]\nrule = \"REQ-1\"\nreason = 3\n"),
            "e.toml:3: expect.reason: expected a string, found an integer");
  EXPECT_EQ(mistake(entry + "message = \"\"\n"), "e.toml:4: expect.message: must not be empty");
  for (const char* date : {"\"2026-02-29\"", "\"2026-13-01\"", "\"31.12.2026\"", "\"2026-1-1\"", "\"soon\""})
    EXPECT_THAT(mistake(entry + "until = " + date + "\n"), HasSubstr("e.toml:4: expect.until: ")) << date;
  EXPECT_THAT(mistake(entry + "until = 2026-01-01T10:00:00\n"), HasSubstr("e.toml:4: expect.until: "));
  EXPECT_EQ(mistake(entry + entry), "e.toml:5: expect.rule: line 1 says the same of REQ-1");
  EXPECT_THAT(mistake("[[expect]\n"), HasSubstr("e.toml:1: TOML: "));
  EXPECT_THAT(mistake("expect = \"REQ-1\"\n"), HasSubstr("e.toml:1: expect: expected an array of tables"));
  EXPECT_THROW(load_expectations(directory_ + "/nowhere.toml"), InterfaceError);
  EXPECT_THROW(load_expectations(directory_), InterfaceError);
}

// ---- what becomes of them ----

Expectation expecting(spec::RuleId rule, std::string message = {}, std::string until = {}) {
  Expectation out(rule);
  out.message = std::move(message);
  out.reason = "known";
  out.until = std::move(until);
  out.file = "e.toml";
  out.line = 3;
  return out;
}

Result applied(std::vector<RuleResult> rules, std::vector<Expectation> entries, std::vector<std::string> asked = {}) {
  Result result = a_result(std::move(rules));
  apply(std::move(entries), asked, "2026-03-01", result);
  return result;
}

std::vector<Fate> outcomes(const Result& result) {
  std::vector<Fate> out;
  for (const Expectation& entry : result.expectations) out.push_back(entry.outcome);
  return out;
}

RuleResult following(spec::RuleId id, spec::RuleId root) {
  RuleResult rule = a_rule(id, Status::fail);
  rule.follows_from = root;
  return rule;
}

TEST(Expected, makes_a_failure_one_that_is_as_expected) {
  Result result = applied({a_failure(EVT_9), a_rule(REQ_1, Status::pass)}, {expecting(EVT_9)});
  EXPECT_THAT(outcomes(result), ElementsAre(Fate::as_expected));
  EXPECT_EQ(shown(result.rules[0]), Shown::as_expected);
  EXPECT_EQ(exit_code(result, true), 0);
  std::string report = terminal_report(result, {});
  EXPECT_THAT(report, HasSubstr("as expected     EVT-9: it heard another (known)\n"));
  EXPECT_THAT(report, HasSubstr("pass  as expected  fail"));
  EXPECT_THAT(report, HasSubstr("\n2 rules: 1 pass, 1 as expected\n"));
  EXPECT_THAT(report, Not(HasSubstr("FAIL ")));
}

TEST(Expected, leaves_another_failure_of_its_rule_a_failure) {
  Result result = applied({a_failure(EVT_9)}, {expecting(EVT_9, "did not return")});
  EXPECT_THAT(outcomes(result), ElementsAre(Fate::other_failure));
  EXPECT_EQ(exit_code(result, false), 1);
  std::string report = terminal_report(result, {});
  EXPECT_THAT(report, HasSubstr("FAIL EVT-9 "));
  EXPECT_THAT(report, HasSubstr("e.toml:3: EVT-9 is broken otherwise than expected: \"did not return\" was not seen"));
}

TEST(Expected, compares_its_message_with_what_was_seen_as_it_is_and_as_it_is_shown) {
  RuleResult rule = a_failure(EVT_9);
  rule.breach->example.sighting.verdict.seen = "the text \x01, twice";
  for (const char* message : {"the text", "\x01, tw", "\\x01, twice"})
    EXPECT_THAT(outcomes(applied({rule}, {expecting(EVT_9, message)})), ElementsAre(Fate::as_expected)) << message;
}

TEST(Expected, is_one_of_several_that_its_rule_may_have) {
  Result result = applied({a_failure(EVT_9)}, {expecting(EVT_9, "did not return"), expecting(EVT_9, "heard")});
  EXPECT_THAT(outcomes(result), ElementsAre(Fate::not_seen, Fate::as_expected));
  EXPECT_EQ(exit_code(result, false), 0);
}

TEST(Expected, fails_the_run_when_its_rule_passes) {
  Result result = applied({a_rule(REQ_1, Status::pass)}, {expecting(REQ_1)});
  EXPECT_THAT(outcomes(result), ElementsAre(Fate::unexpected_pass));
  EXPECT_EQ(exit_code(result, false), 1);
  for (bool quiet : {false, true}) {
    std::string report = terminal_report(result, {false, quiet});
    EXPECT_THAT(report, HasSubstr("expectation     e.toml:3: REQ-1 passes, and is expected to fail (known): remove the "
                                  "entry\n\n1 rule: 1 pass; 1 expectation to be mended\n"));
  }
}

TEST(Expected, leaves_nothing_open_when_its_rule_was_not_exercised_or_stayed_unknown) {
  Result result = applied({a_rule(REQ_1, Status::not_exercised), a_rule(EVT_4, Status::unknown)},
                          {expecting(REQ_1), expecting(EVT_4)});
  EXPECT_THAT(outcomes(result), ElementsAre(Fate::not_seen, Fate::not_seen));
  EXPECT_EQ(exit_code(result, false), 0);
  result.full = true;
  EXPECT_THAT(never_exercised(result), IsEmpty());
  result.rules.push_back(a_rule(EVT_5, Status::not_exercised));
  EXPECT_EQ(exit_code(result, false), 3);
  EXPECT_THAT(never_exercised(result), ElementsAre(EVT_5));
}

TEST(Expected, is_stale_when_its_rule_does_not_apply_or_has_no_judge) {
  Result result = applied({a_rule(END_13, Status::not_applicable, "needs contract max_contexts")},
                          {expecting(END_13), expecting(WIRE_1)});
  EXPECT_THAT(outcomes(result), ElementsAre(Fate::stale, Fate::stale));
  EXPECT_EQ(exit_code(result, false), 1);
  std::string report = terminal_report(result, {});
  EXPECT_THAT(report, HasSubstr("e.toml:3: END-13 is stale: the rule does not apply to this library (needs contract "
                                "max_contexts); remove the entry\n"));
  EXPECT_THAT(report, HasSubstr("WIRE-1 is stale: this version has no judge for it; remove the entry\n"));
  EXPECT_THAT(report, HasSubstr("; 2 expectations to be mended\n"));
}

TEST(Expected, is_left_aside_when_the_run_was_not_to_judge_its_rule) {
  Result result = applied({a_rule(REQ_1, Status::pass)}, {expecting(EVT_9), expecting(WIRE_1)}, {"REQ-1", "PAY"});
  EXPECT_THAT(outcomes(result), ElementsAre(Fate::not_asked, Fate::not_asked));
  EXPECT_EQ(exit_code(result, false), 0);
  for (const char* asked : {"EVT-9", "EVT"})
    EXPECT_THAT(outcomes(applied({a_failure(EVT_9)}, {expecting(EVT_9)}, {asked})), ElementsAre(Fate::as_expected));
}

TEST(Expected, holds_to_the_end_of_its_last_day) {
  EXPECT_THAT(outcomes(applied({a_failure(EVT_9)}, {expecting(EVT_9, "", "2026-03-01")})),
              ElementsAre(Fate::as_expected));
  Result result = applied({a_failure(EVT_9), a_rule(REQ_1, Status::pass)},
                          {expecting(EVT_9, "", "2026-02-28"), expecting(REQ_1, "", "2025-12-31")});
  EXPECT_THAT(outcomes(result), ElementsAre(Fate::expired, Fate::expired));
  EXPECT_EQ(exit_code(result, false), 1);
  std::string report = terminal_report(result, {});
  EXPECT_THAT(report, HasSubstr("FAIL EVT-9 "));
  EXPECT_THAT(report, HasSubstr("e.toml:3: EVT-9 expired on 2026-02-28 (known): mend the library, or the entry\n"));
  EXPECT_THAT(report, HasSubstr("e.toml:3: REQ-1 expired on 2025-12-31 (known): the rule passes; remove the entry\n"));
  // Also where nothing is broken.
  EXPECT_EQ(exit_code(applied({a_rule(REQ_1, Status::not_exercised)}, {expecting(REQ_1, "", "2025-12-31")}), false), 1);
}

TEST(Expected, covers_what_only_follows_from_its_rule) {
  std::vector<RuleResult> rules{a_failure(END_2), following(REQ_1, END_2), following(EVT_4, REQ_1)};
  Result result = applied(rules, {expecting(END_2)});
  EXPECT_EQ(exit_code(result, false), 0);
  EXPECT_THAT(terminal_report(result, {}), HasSubstr("                REQ-1: follows from END-2\n"));
  EXPECT_EQ(exit_code(applied(rules, {expecting(REQ_1)}), false), 1);
  // Unless an entry of its own has expired.
  EXPECT_EQ(shown(applied(rules, {expecting(END_2), expecting(REQ_1, "", "2020-01-01")}).rules[1]), Shown::fail);
}

TEST(Expected, says_the_day_as_the_calendar_does) {
  EXPECT_THAT(today_in_utc(), testing::MatchesRegex("20[0-9][0-9]-[01][0-9]-[0-3][0-9]"));
  EXPECT_GT(today_in_utc(), "2025-01-01");
}

}  // namespace
}  // namespace ffi_cts
