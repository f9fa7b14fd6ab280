// A hand-written trace and what one judge says of it. Every judge needs a trace that it passes, one that breaches its
// rule and one that it cannot decide or whose rule never came up.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "conformance/rules/common.hpp"
#include "harness/trace/recording.hpp"

namespace ffi_cts::rules {

struct RuleCase {
  spec::RuleId rule;
  std::string sentence;  // what the trace shows
  Outcome outcome;
  Trace (*trace)();
  bool owns_ending = false, timing = false;
};

inline void check(const RuleCase& each) {
  const Verdict verdict = judge(each.rule, each.trace());
  EXPECT_EQ(static_cast<int>(verdict.outcome), static_cast<int>(each.outcome))
      << "expected: " << verdict.expected << "\nseen: " << verdict.seen;
  EXPECT_EQ(verdict.owns_ending, each.owns_ending);
  EXPECT_EQ(verdict.timing, each.timing);
  if (verdict.outcome == Outcome::breach) {
    EXPECT_FALSE(verdict.expected.empty());
    EXPECT_FALSE(verdict.seen.empty());
    EXPECT_FALSE(verdict.proof.empty());
  }
}

// The cases of all test files; a test program's static initialisers fill it.
inline std::vector<RuleCase>& rule_cases() {
  static std::vector<RuleCase> cases;
  return cases;
}

class RuleCaseTest : public testing::Test {
 public:
  explicit RuleCaseTest(RuleCase each) : each_(std::move(each)) {}
  void TestBody() override { check(each_); }

 private:
  RuleCase each_;
};

// Each case becomes a test of its own, REQ_1.an_accepted_request_with_one_answer_passes.
inline bool register_cases(std::vector<RuleCase> cases) {
  for (const RuleCase& each : cases) {
    std::string suite(each.rule.id()), name = each.sentence;
    std::replace(suite.begin(), suite.end(), '-', '_');
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
    testing::RegisterTest(suite.c_str(), name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [each]() -> RuleCaseTest* { return new RuleCaseTest(each); });
    rule_cases().push_back(each);
  }
  return true;
}

}  // namespace ffi_cts::rules
