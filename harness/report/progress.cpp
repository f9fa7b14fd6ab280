#include "harness/report/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "harness/report/layout.hpp"

namespace ffi_cts {
namespace {

constexpr std::uint64_t endless_cases = 1'000'000'000;
constexpr double endless_s = 1e8;

// By the cases or by the clock, whichever ends first.
std::optional<double> seconds_left(const Result& result, RunBudget budget, double rate) {
  std::optional<double> left;
  if (budget.seconds < endless_s) left = budget.seconds - result.seconds;
  if (budget.cases < endless_cases && rate > 0) {
    double by_cases = static_cast<double>(budget.cases - std::min(budget.cases, result.cases)) / rate;
    left = std::min(left.value_or(by_cases), by_cases);
  }
  return left;
}

std::string duration(double seconds) {
  auto whole = static_cast<std::uint64_t>(std::ceil(std::max(0.0, seconds)));
  return whole < 100 ? fmt::format("{} s", whole) : fmt::format("{} min {} s", whole / 60, whole % 60);
}

}  // namespace

std::string progress_line(const Result& result, RunBudget budget, std::size_t columns) {
  double rate = result.seconds > 0 ? static_cast<double>(result.cases) / result.seconds : 0;
  std::string line = budget.cases < endless_cases ? fmt::format("{} of {} programs", result.cases, budget.cases)
                                                  : counted(result.cases, "program");
  if (rate > 0) line += fmt::format(", {:.0f}/s", rate);
  auto broken = static_cast<std::size_t>(std::count_if(result.rules.begin(), result.rules.end(),
                                                       [](const RuleResult& rule) { return rule.breach.has_value(); }));
  if (broken) line += fmt::format(", {} broken", counted(broken, "rule"));
  if (result.looking_at)
    line += fmt::format(", looking closer at {}", result.looking_at->id());
  else if (auto left = seconds_left(result, budget, rate))
    line += fmt::format(", {} left", duration(*left));
  return columns ? line.substr(0, columns) : line;
}

}  // namespace ffi_cts
