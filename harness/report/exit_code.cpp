#include <algorithm>

#include "harness/report/expect.hpp"
#include "harness/report/report.hpp"

namespace ffi_cts {

Shown shown(const RuleResult& rule) {
  if (rule.as_expected) return Shown::as_expected;
  switch (rule.status) {
    case Status::pass:
      return Shown::pass;
    case Status::fail:
      return rule.rule.rule().level == spec::Level::must ? Shown::fail : Shown::warn;
    case Status::not_exercised:
      return Shown::not_exercised;
    case Status::not_applicable:
      return Shown::not_applicable;
    case Status::unknown:
      break;
  }
  return Shown::unknown;
}

const char* to_string(Shown shown) {
  constexpr const char* words[shown_count] = {"pass",          "as expected",    "fail",   "warn",
                                              "not exercised", "not applicable", "unknown"};
  return words[static_cast<int>(shown)];
}

int exit_code(const Result& result, bool strict) {
  if (std::any_of(result.expectations.begin(), result.expectations.end(), fails_the_run)) return 1;
  bool open = !result.stopped.empty() || (result.full && !result.denied.empty());
  for (const RuleResult& rule : result.rules) {
    Shown verdict = shown(rule);
    if (verdict == Shown::fail || (strict && verdict == Shown::warn)) return 1;
    open = open || ((verdict == Shown::unknown || verdict == Shown::not_exercised) && !is_excused(rule, result));
  }
  return open ? 3 : 0;
}

std::vector<spec::RuleId> never_exercised(const Result& result) {
  std::vector<spec::RuleId> out;
  if (!result.full || !result.stopped.empty() || !result.avoided.empty()) return out;
  for (const RuleResult& rule : result.rules)
    if (rule.status == Status::not_exercised && !is_excused(rule, result)) out.push_back(rule.rule);
  return out;
}

std::vector<CoverageCell> gaps(const Result& result) {
  if (!result.full || !result.stopped.empty() || !result.avoided.empty()) return {};
  return unreached(result.coverage, result.goals);
}

}  // namespace ffi_cts
