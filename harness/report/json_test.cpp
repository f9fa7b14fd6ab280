#include "harness/report/json.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "harness/report/expect.hpp"
#include "harness/report/results.hpp"

namespace ffi_cts {
namespace {

using nlohmann::json;
using namespace spec::rule;

std::vector<std::string> keys(const json& object) {
  std::vector<std::string> out;
  for (const auto& [key, value] : object.items()) out.push_back(key);
  return out;
}

TEST(Json, is_one_object_of_known_keys) {
  json out = json::parse(to_json(a_result({a_rule(REQ_1, Status::pass)})));
  EXPECT_THAT(keys(out),
              testing::UnorderedElementsAre("library", "worker", "seed", "cases", "cases_per_second", "rules",
                                            "stopped", "left_out", "expectations", "self_check", "coverage", "tables"));
  EXPECT_EQ(out["library"], "lib/libfoo.so");
  EXPECT_EQ(out["seed"], 7);
  EXPECT_EQ(out["cases"], 10000);
  EXPECT_EQ(out["cases_per_second"], 800);
  EXPECT_EQ(
      out["rules"],
      json::parse(
          R"([{"id": "REQ-1", "level": "MUST", "verdict": "pass", "exercised": 10, "judged_s": 0.0, "message": "", "case": null}])"));
}

TEST(Json, has_a_word_for_each_verdict) {
  json rules = json::parse(to_json(a_result(
      {a_rule(REQ_1, Status::pass), a_failure(EVT_9), a_failure(EVT_2), a_rule(EVT_5, Status::not_exercised),
       a_rule(REQ_6, Status::not_applicable, "needs role progress"), a_rule(EVT_4, Status::unknown, "why")})))["rules"];
  std::vector<std::string> verdicts;
  for (const json& rule : rules) verdicts.push_back(rule["verdict"]);
  EXPECT_THAT(verdicts, testing::ElementsAre("pass", "fail", "warn", "not exercised", "not applicable", "unknown"));
  EXPECT_EQ(rules[4]["message"], "needs role progress");
  EXPECT_EQ(rules[5]["message"], "why");
}

TEST(Json, says_of_a_broken_rule_what_was_seen_and_where_its_case_is) {
  json rule = json::parse(to_json(a_result({a_failure()})))["rules"][0];
  EXPECT_EQ(rule["message"], "expected: l1 hears no event after its removal; seen: it heard another");
  EXPECT_EQ(rule["case"], "cases/EVT-9-7f3a.case");
  EXPECT_EQ(rule["steps"], 4);
  EXPECT_EQ(rule["program"], "A  c1 = create\nA  l1 = listen c1 event { remove l1 }\nA  r1 = request c1 emit\n");
}

TEST(Json, names_the_rule_that_another_follows_from) {
  RuleResult follows = a_rule(REQ_1, Status::fail);
  follows.follows_from = END_2;
  json rule = json::parse(to_json(a_result({follows})))["rules"][0];
  EXPECT_EQ(rule["verdict"], "fail");
  EXPECT_EQ(rule["follows_from"], "END-2");
  EXPECT_EQ(rule["message"], "follows from END-2");
}

TEST(Json, says_what_became_of_each_expectation) {
  Expectation expected(EVT_9), passed(REQ_1);
  expected.reason = passed.reason = "known";
  expected.until = "2026-12-31";
  passed.file = "e.toml";
  passed.line = 7;
  Result result = a_result({a_failure(EVT_9), a_rule(REQ_1, Status::pass)});
  apply({expected, passed}, {}, "2026-03-01", result);
  json out = json::parse(to_json(result));
  EXPECT_EQ(out["rules"][0]["verdict"], "as expected");
  ASSERT_EQ(out["expectations"].size(), 2u);
  EXPECT_EQ(out["expectations"][0]["outcome"], "as expected");
  EXPECT_EQ(out["expectations"][0]["holds"], true);
  EXPECT_EQ(out["expectations"][0]["until"], "2026-12-31");
  EXPECT_EQ(out["expectations"][0]["link"], nullptr);
  EXPECT_EQ(out["expectations"][0]["complaint"], nullptr);
  EXPECT_EQ(out["expectations"][1]["outcome"], "unexpected pass");
  EXPECT_EQ(out["expectations"][1]["holds"], false);
  EXPECT_EQ(out["expectations"][1]["line"], 7);
  EXPECT_EQ(out["expectations"][1]["complaint"],
            "e.toml:7: REQ-1 passes, and is expected to fail (known): remove the entry");
}

TEST(Json, holds_the_coverage_and_the_self_check) {
  Recording t;
  auto c = t.create();
  t.request(c, RoleName::echo);
  Result result = a_result({a_rule(REQ_1, Status::pass), a_rule(EVT_5, Status::not_exercised)});
  result.coverage.count(t.trace());
  result.goals = {{CallKind::create, MadeIn::no_callback, OnThread::main, LifeState::no_context},
                  {CallKind::remove, MadeIn::event, OnThread::library, LifeState::live}};
  result.full = true;
  json out = json::parse(to_json(result));
  EXPECT_EQ(out["coverage"]["goals"], 2);
  EXPECT_EQ(out["coverage"]["unreached"],
            json::parse(R"([{"call": "remove", "inside": "event", "thread": "library", "state": "live"}])"));
  EXPECT_EQ(out["coverage"]["cells"], json::parse(R"([
    {"call": "create", "inside": "no callback", "thread": "main", "state": "no context", "count": 1},
    {"call": "request", "inside": "no callback", "thread": "main", "state": "live", "count": 1}])"));
  EXPECT_EQ(out["self_check"], json::parse(R"({"full_run": true, "never_exercised": ["EVT-5"], "gaps": 1, "denied": []})"));
}

TEST(Json, stays_valid_when_the_library_says_no_UTF_8) {
  RuleResult rule = a_failure();
  rule.breach->example.sighting.verdict.seen = "\xff\xfe";
  Result result = a_result({rule});
  result.seconds = 0;
  json out = json::parse(to_json(result));
  EXPECT_EQ(out["cases_per_second"], 0);
}

}  // namespace
}  // namespace ffi_cts
