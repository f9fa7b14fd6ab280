#include "harness/engine/schedule.hpp"

#include <algorithm>

namespace ffi_cts {
namespace {

constexpr std::uint64_t every = 3;         // programs, one is a scenario until all are through
constexpr std::uint64_t again_every = 10;  // programs, one is a quick scenario once the named ones are through
constexpr int most_tries = 20;             // of one that missed what it is for
constexpr std::uint64_t quick_ns = 100'000'000;

// The next of the list that is not left out, or null.
const Scenario* next_of(const std::vector<const Scenario*>& list, std::size_t& at, const std::function<bool(const Scenario&)>& left_out) {
  while (at < list.size())
    if (const Scenario* scenario = list[at++]; !left_out(*scenario)) return scenario;
  return nullptr;
}

}  // namespace

std::string_view rule_of(const Scenario& scenario) {
  const std::string_view name = scenario.name;
  return name.substr(0, name.find('_'));
}

Schedule::Schedule(std::span<const Scenario> scenarios, const std::set<std::string_view>& rules) {
  for (const Scenario& scenario : scenarios) (scenario.cell.table.empty() ? named_ : cells_).push_back(&scenario);
  const auto others = std::ranges::stable_partition(named_, [&](const Scenario* s) { return rules.contains(rule_of(*s)); });
  asked_for_ = named_.size() - others.size();
}

const Scenario* Schedule::due(std::uint64_t number, const std::function<bool(const Scenario&)>& left_out) {
  while (!again_.empty()) {
    const Scenario* scenario = again_.front();
    again_.pop_front();
    if (!left_out(*scenario)) return scenario;
  }
  if (next_named_ >= asked_for_ && !quick_.empty() && number % again_every == 0) {
    const Scenario* scenario = quick_[number / again_every % quick_.size()];
    if (!left_out(*scenario)) return scenario;
  }
  if (number % every != 0) return nullptr;
  if (const Scenario* scenario = next_of(named_, next_named_, left_out)) return scenario;
  return next_of(cells_, next_cell_, left_out);
}

// A run that is after a few rules does not spend its time on what was written for others.
bool Schedule::comes_again(const Scenario& scenario) const {
  const auto end = named_.begin() + static_cast<std::ptrdiff_t>(asked_for_ == 0 ? named_.size() : asked_for_);
  return std::find(named_.begin(), end, &scenario) != end;
}

void Schedule::ran(const Scenario& scenario, const Trace& trace, bool missed) {
  if (!trace.completed() || trace.duration_ns() > quick_ns) return;
  if (comes_again(scenario) && std::find(quick_.begin(), quick_.end(), &scenario) == quick_.end()) quick_.push_back(&scenario);
  if (missed && ++tried_again_[&scenario] <= most_tries) again_.push_back(&scenario);
}

}  // namespace ffi_cts
