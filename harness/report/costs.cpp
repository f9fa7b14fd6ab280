#include "harness/report/costs.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ffi_cts {

std::string cost_table(const Result& result) {
  std::vector<const RuleResult*> judged;
  double all_s = 0;
  for (const RuleResult& rule : result.rules) {
    if (rule.judged_s <= 0) continue;
    judged.push_back(&rule);
    all_s += rule.judged_s;
  }
  std::ranges::stable_sort(judged, std::greater(), &RuleResult::judged_s);

  const auto line = [&](std::string_view name, double seconds) {
    const double each_us = result.cases ? seconds * 1e6 / static_cast<double>(result.cases) : 0;
    return fmt::format("{:<10}{:>14.2f}{:>17.1f}%\n", name, each_us, result.seconds > 0 ? 100 * seconds / result.seconds : 0);
  };
  std::string out = fmt::format("{:<10}{:>14}{:>18}\n", "judge", "us a program", "share of the run");
  for (const RuleResult* rule : judged) out += line(rule->rule.id(), rule->judged_s);
  return out + line("all", all_s);
}

}  // namespace ffi_cts
