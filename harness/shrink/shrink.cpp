#include "harness/shrink/shrink.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "harness/generate/generate.hpp"
#include "harness/program/text.hpp"

namespace ffi_cts {
namespace {

constexpr int most_repeats = 500;
constexpr auto slow_run = std::chrono::seconds(1);

Clock::time_point within(Clock::time_point until, double seconds) {
  return std::min(until, Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds)));
}

// The shortest tail of what ran before that still brings the breach, then the shortest rest of that.
void bisect(Bench& bench, const Judge& judge, Counterexample& example, Clock::time_point until) {
  History history = example.history;
  for (std::size_t chunk = (history.size() + 1) / 2; chunk > 0 && Clock::now() < until; chunk = chunk == 1 ? 0 : (chunk + 1) / 2) {
    for (std::size_t at = 0; at < history.size() && Clock::now() < until;) {
      History fewer = history;
      auto from = fewer.begin() + static_cast<std::ptrdiff_t>(at);
      fewer.erase(from, from + static_cast<std::ptrdiff_t>(std::min(chunk, fewer.size() - at)));
      auto seen = bench.seek_after(fewer, judge, example.program, 1, until);
      if (seen && !fewer.empty()) {
        history = std::move(fewer);
        example.sighting = std::move(*seen);
      } else {
        at += chunk;
      }
    }
  }
  example.history = std::move(history);
}

// Does a candidate that was seen to break the rule once do so at every run? Fatal ones cost a process each, so fewer tell.
bool steady(Bench& bench, const Judge& judge, const History& history, const Program& candidate, const Sighting& seen, Clock::time_point until) {
  if (!history.empty()) return bench.seek_after(history, judge, candidate, 1, until).has_value();
  return bench.always(judge, candidate, seen.trace->completed() ? 24 : 2, within(until, 0.15));
}

// A new process is slower at first, and a replay has one: the last of the accepted programs that breaks the rule there, too,
// again and again. Where none does, the shortest stays.
void settle_on(Bench& bench, const Judge& judge, Counterexample& example, const std::vector<std::pair<Program, Sighting>>& accepted, Clock::time_point until) {
  constexpr int processes = 12, fewest = 3;
  for (auto it = accepted.rbegin(); it != accepted.rend() && Clock::now() < until; ++it) {
    bool holds = true;
    for (int i = 0; i < processes && holds && (i < fewest || Clock::now() < until); ++i) {
      bench.fresh();
      holds = bench.seek(judge, it->first, 1, until).has_value();
    }
    if (!holds) continue;
    example.program = it->first;
    example.sighting = it->second;
    return;
  }
}

// A breach that came in a later run than the first comes by chance, or because each run leaves something behind: then it comes
// in the same run of other new processes.
bool piles_up(Bench& bench, const Judge& judge, Counterexample& example, int run, Clock::time_point until) {
  const int processes = run > 4 ? 1 : 3;  // the fewer runs, the likelier is mere chance
  for (int i = 0; i < processes; ++i) {
    bench.fresh();
    auto again = bench.seek(judge, example.program, run + 1, until);
    if (!again || again->run != run) return false;
    example.sighting = std::move(*again);
  }
  example.reproduced = true;
  example.history = {{example.program, run - 1}};
  return true;
}

}  // namespace

Counterexample confirm(Bench& bench, const Judge& judge, const Program& program, Sighting first, const std::vector<Program>& earlier, Clock::time_point until) {
  Counterexample example{program, std::move(first), {}, 1, false, 0};
  bench.fresh();
  int seen_again = 0, looks = 0, first_look = 0;
  Clock::time_point slow = within(until, 1);
  while (looks < 5 && Clock::now() < until && (looks < 2 || Clock::now() < slow)) {
    ++looks;
    auto seen = bench.seek(judge, program, 1, until);
    if (!seen) continue;
    if (seen_again++ == 0) first_look = looks;
    example.sighting = std::move(*seen);
    if (looks > 1 && !example.sighting.trace->completed()) break;  // fatal ones cost a process each
  }
  if (seen_again && first_look > 1 && piles_up(bench, judge, example, first_look, until)) return example;
  if (seen_again) {
    example.reproduced = true;
    // So many that a candidate which breaks the rule as often is missed once in a hundred times.
    double rate = static_cast<double>(seen_again) / looks;
    example.tries = rate == 1 ? 1 : static_cast<int>(std::ceil(std::log(0.01) / std::log(1 - rate)));
    return example;
  }
  bench.fresh();
  if (auto seen = bench.seek(judge, program, most_repeats, within(until, 2))) {
    example.reproduced = true;
    int run = seen->run;
    example.sighting = std::move(*seen);
    if (!piles_up(bench, judge, example, run, within(until, 4))) example.tries = std::min(most_repeats, 4 * run);
    return example;
  }
  for (const Program& before : earlier) example.history.emplace_back(before, 1);
  if (auto seen = example.history.empty() ? std::nullopt : bench.seek_after(example.history, judge, program, 1, within(until, 4))) {
    example.reproduced = true;
    example.sighting = std::move(*seen);
    bisect(bench, judge, example, within(until, 6));
    return example;
  }
  example.history.clear();
  return example;
}

void shrink(Bench& bench, const Judge& judge, Counterexample& example, Budget budget) {
  if (!example.reproduced) return;
  Clock::time_point begun = Clock::now(), until = within(Clock::time_point::max(), budget.seconds);
  // Where runs pile up, each candidate needs its own process and as many runs of itself.
  bool own_history = example.history.size() == 1 && example.history.front().first == example.program;
  bool isolated = own_history;
  int runs = own_history ? example.history.front().second * 2 + 2 : example.tries;
  std::set<std::string> tried;
  std::vector<std::pair<Program, Sighting>> accepted = {{example.program, example.sighting}};
  bench.fresh();
  for (bool better = true; better && example.candidates < budget.candidates && Clock::now() < until;) {
    better = false;
    rc::Seq<Program> candidates = simpler(example.program);
    while (auto candidate = candidates.next()) {
      if (candidate->steps.empty() || !tried.insert(to_text(*candidate)).second) continue;
      if (++example.candidates > budget.candidates || Clock::now() >= until) break;
      if (isolated) bench.fresh();
      auto seen = own_history ? bench.seek(judge, *candidate, runs, until) : bench.seek_after(example.history, judge, *candidate, runs, until);
      if (!seen) continue;
      // What broke the rule at every run must go on doing so: one lucky run of a racier program is no step forward.
      if (!own_history && runs == 1 && !steady(bench, judge, example.history, *candidate, *seen, until)) continue;
      // It may break the rule only because of what earlier candidates left behind: then each needs a process of its own.
      if (!isolated && runs == 1 && example.history.empty()) {
        bench.fresh();
        isolated = !bench.seek(judge, *candidate, 1, until);
        if (isolated) continue;
      }
      // Rare luck of one candidate is no reason to give the next one less time; a common breach needs fewer runs.
      if (!own_history && runs > 1) runs = std::clamp(4 * seen->run, runs / 2, runs);
      if (own_history) example.history = {{*candidate, seen->run - 1}};
      example.program = std::move(*candidate);
      example.sighting = std::move(*seen);
      accepted.emplace_back(example.program, example.sighting);
      better = true;
      break;
    }
  }
  if (own_history && example.history.front().second == 0) example.history.clear();
  // Where a run takes seconds, what chance there is has shown by now, or will hardly ever.
  bool slow = example.candidates > 0 && (Clock::now() - begun) / example.candidates > slow_run;
  bool certain = example.tries == 1 && example.history.empty() && example.sighting.trace->completed();
  if (certain && !slow) settle_on(bench, judge, example, accepted, within(Clock::time_point::max(), 4));
}

}  // namespace ffi_cts
