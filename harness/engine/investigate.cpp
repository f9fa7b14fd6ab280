// A breach is seen again in a fresh worker, shrunk, measured, and given to the rule from which it follows.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/engine/engine.hpp"

namespace ffi_cts {
namespace {

constexpr int most_looks = 2;                  // at a breach that does not come again
constexpr double slow_investigation_s = 8;
constexpr int measured_runs = 20;
constexpr int short_enough = 5;                // steps
constexpr std::uint64_t shortening_cases = 150;    // a run that is only after one rule goes on so long for a shorter program
constexpr std::uint64_t slow_ns = 1'000'000'000;

double since(Clock::time_point begun) { return std::chrono::duration<double>(Clock::now() - begun).count(); }
Clock::time_point in(double seconds) { return Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds)); }

// One that needs no earlier programs tells more, however long it is.
bool better(const Counterexample& one, const Counterexample& other) {
  if (one.history.empty() != other.history.empty()) return one.history.empty();
  return count_steps(one.program) < count_steps(other.program);
}

bool good_enough(const Counterexample& example) { return example.history.empty() && count_steps(example.program) <= short_enough; }

}  // namespace

// A program that breaks the rule and is already shorter than what the shrinker left of an earlier one, or that may do without
// what that one needs before it.
bool Engine::promises_shorter(std::size_t judge, const Program& program) const {
  const RuleResult& rule = result_.rules[judge];
  if (!rule.breach || shortened_[judge] >= options_.shorter_ones) return false;
  if (!rule.breach->example.history.empty()) return true;
  int now = count_steps(rule.breach->example.program);
  return now > short_enough && count_steps(program) < now;
}

void Engine::investigate(const Case& c, const Judge& judge, std::shared_ptr<const Trace> trace, Verdict verdict) {
  while (!under_way_.empty()) receive();  // else nobody would read what their process prints, and it would stand still
  auto begun = Clock::now();
  auto index_of_judge = static_cast<std::size_t>(&judge - judges_.data());
  RuleResult& rule = result_of(judge);
  Sighting first{std::move(trace), verdict, 1};
  std::vector<Program> earlier;
  if (c.ran) earlier.assign(c.ran->begin(), c.ran->begin() + static_cast<std::ptrdiff_t>(c.before));
  Breach breach;
  breach.example = confirm(bench_, judge, c.program, std::move(first), earlier, in(12));
  // A verdict of times counts only if it comes three times of three, with nothing else running.
  if (verdict.timing && breach.example.tries > 1) breach.example.reproduced = false;
  if (!breach.example.reproduced && (verdict.timing || ++looks_[index_of_judge] < most_looks)) {
    ++rule.undecided;
    if (verdict.timing) --rule.broken;  // a busy machine was slow: that breaks nothing
    return;
  }
  breach.original_steps = count_steps(c.program);
  breach.seed = options_.seed;
  breach.case_number = c.number;
  if (c.scenario) breach.scenario = c.scenario->name;
  shrink(bench_, judge, breach.example, options_.shrink);
  measure(breach, judge, in(4));
  if (hand_over(c, judge, breach) || broken_without(c, judge, breach)) return;
  bool first_of_its_rule = !rule.breach;
  if (!first_of_its_rule) ++shortened_[index_of_judge];
  if (first_of_its_rule || better(breach.example, rule.breach->example)) rule.breach = std::move(breach);
  rule.follows_from.reset();
  settled_[index_of_judge] = true;
  if (first_of_its_rule) note_avoidance(judge, *rule.breach);
  hopelessness_ = 0;
  // Where each run is slow, a second try for a shorter program costs more than it brings.
  if (since(begun) > slow_investigation_s) shortened_[index_of_judge] = options_.shorter_ones;
  bool enough = good_enough(rule.breach->example) || shortened_[index_of_judge] >= options_.shorter_ones;
  if (options_.until != judge.rule) return;
  if (enough) done_ = true;
  else if (first_of_its_rule) options_.cases = std::min(options_.cases, next_number_ + shortening_cases);
}

// The shortest program may break a rule, too, from which this one follows: then it is that rule's.
bool Engine::hand_over(const Case& c, const Judge& judge, const Breach& breach) {
  auto is_root = [&](spec::RuleId rule) { return std::find(judge.follows_from.begin(), judge.follows_from.end(), rule) != judge.follows_from.end(); };
  auto root = std::find_if(breach.with.begin(), breach.with.end(), is_root);
  return root != breach.with.end() && give(c, judge, breach.example.program, breach.example.sighting.trace, *root);
}

// What a rule's condition does not bring about is not that rule's.
bool Engine::broken_without(const Case& c, const Judge& judge, const Breach& breach) {
  const Counterexample& example = breach.example;
  if (!judge.condition || !example.reproduced || !example.history.empty()) return false;
  Program without = example.program;
  without.*judge.condition = false;
  for (int run = 0; run < std::clamp(example.tries, 3, measured_runs); ++run) {
    const auto trace = bench_.once(without, false);
    for (const Judge& other : judges_)
      if (result_of(other).status != Status::not_applicable && other.judge(*trace).outcome == Outcome::breach) return give(c, judge, without, trace, other.rule);
  }
  return false;
}

// The breach becomes that of another rule, which this trace of the program breaks, if it can be seen again as such.
bool Engine::give(const Case& c, const Judge& judge, const Program& program, std::shared_ptr<const Trace> trace, spec::RuleId to) {
  auto other = std::find_if(judges_.begin(), judges_.end(), [&](const Judge& j) { return j.rule == to; });
  auto number = static_cast<std::size_t>(other - judges_.begin());
  if (!settled_[number]) {
    Verdict verdict = other->judge(*trace);
    note_breach(result_.rules[number], c, verdict);
    investigate({c.number, program, c.scenario, c.ran, c.before}, *other, std::move(trace), std::move(verdict));
  }
  if (!result_.rules[number].breach) return false;
  auto index_of_judge = static_cast<std::size_t>(&judge - judges_.data());
  RuleResult& rule = result_of(judge);
  if (!rule.breach) rule.follows_from = to;
  // It may come without the other, too, but is not looked into for ever.
  if (++looks_[index_of_judge] >= most_looks) settled_[index_of_judge] = true;
  return true;
}

// How often the final program breaks the rule, what else it breaks, and the stacks of one such run.
void Engine::measure(Breach& breach, const Judge& judge, Clock::time_point until) {
  Counterexample& example = breach.example;
  if (!example.reproduced) return;
  bool fatal = !example.sighting.trace->completed();
  for (int i = 0; i < (fatal ? 3 : measured_runs) && Clock::now() < until; ++i) {
    if (!example.history.empty() && i == 3) break;
    bench_.fresh();  // as a replay has it
    auto seen = bench_.seek_after(example.history, judge, example.program, 1, until, fatal && i == 0);
    ++breach.of;
    if (!seen) continue;
    if (breach.seen++ == 0 || !seen->trace->ending.stacks.empty()) example.sighting = std::move(*seen);
    breach.output = bench_.output();
  }
  if (breach.seen == breach.of && breach.of >= measured_runs) example.tries = 1;  // what it was shrunk from came by chance
  if (breach.seen > 0 && breach.seen < breach.of) {
    double rate = static_cast<double>(breach.seen) / breach.of;
    example.tries = std::max(example.tries, static_cast<int>(std::ceil(std::log(0.001) / std::log(1 - rate))));
  }
  for (const Judge& other : judges_)
    if (other.rule != judge.rule && other.judge(*example.sighting.trace).outcome == Outcome::breach) breach.with.push_back(other.rule);
}

// A crash or hang hides what would have come after it, and a program that takes long to break its rule takes the time of
// others, so later programs do without what it needs.
void Engine::note_avoidance(const Judge& judge, const Breach& breach) {
  const Trace& trace = *breach.example.sighting.trace;
  if (trace.completed() && trace.duration_ns() < slow_ns) return;
  Features needed = features_of(breach.example.program);
  for (Feature common : {Feature::echo, Feature::empty, Feature::emit, Feature::listen, Feature::several_threads}) {
    Features without = needed;
    set(without, common, false);
    if (without.any()) needed = without;
  }
  Features plain;
  set(plain, Feature::echo);
  set(plain, Feature::empty);
  if ((needed & ~plain).none()) return;  // what every program uses cannot be left out
  avoided_.push_back({needed, judge.rule});
  result_.avoided.push_back(fmt::format("{} (after {})", to_string(needed), judge.rule.id()));
}

// A breach that never comes without another rule's, while that one comes without it, is probably its consequence. Some rules
// are known to be.
void Engine::note_company() {
  auto find = [&](spec::RuleId id) { return std::find_if(result_.rules.begin(), result_.rules.end(), [&](const RuleResult& r) { return r.rule == id; }); };
  auto yields = [&](spec::RuleId one, spec::RuleId to) {
    auto judge = std::ranges::find(judges_, one, &Judge::rule);
    return judge != judges_.end() && std::ranges::find(judge->yields_to, to) != judge->yields_to.end();
  };
  for (const Judge& judge : judges_) {
    RuleResult& rule = result_of(judge);
    if (!rule.breach) continue;
    for (spec::RuleId id : judge.yields_to)
      if (auto other = find(id); other != result_.rules.end() && other->breach) rule.breach->beside = true;
    for (spec::RuleId id : rule.breach->with) {
      auto other = find(id);
      // Of one that was not seen again nobody knows what else it breaks.
      if (other == result_.rules.end() || !other->breach || !other->breach->example.reproduced || yields(id, rule.rule)) continue;
      const auto& back = other->breach->with;
      if (std::find(back.begin(), back.end(), rule.rule) == back.end()) rule.breach->beside = true;
    }
  }
}

}  // namespace ffi_cts
