#include "harness/peer/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace ffi_cts::peer {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t watch_every = 50;  // of the conversations left out, one in so many is held all the same
constexpr int most_looks = 2, confirmations = 5, measured_runs = 10;
constexpr double measured_s = 2;
constexpr std::uint64_t enough_to_begin = 3;  // conversations within which a parent has started its child

double since(Clock::time_point begun) {
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

bool must(const Judge& judge) {
  return judge.rule.rule().level == spec::Level::must;
}

// Did the connection break, or stand still? Such a breach hides what would have come after it.
bool hides_others(const Trace& trace) {
  return std::any_of(trace.events.begin(), trace.events.end(),
                     [](const Event& e) { return e.seen == Seen::stalled || e.seen == Seen::unreadable; }) ||
         trace.killed || trace.signal != 0 ||
         std::none_of(trace.events.begin(), trace.events.end(), [](const Event& e) { return e.seen == Seen::closed; });
}

}  // namespace

Engine::Engine(RunOptions options, std::span<const Judge> judges, std::span<const Opening> openings)
    : options_(std::move(options)),
      judges_(judges.begin(), judges.end()),
      openings_(openings.begin(), openings.end()),
      driver_(options_.setup, options_.manner),
      settled_(judges.size()),
      looks_(judges.size()) {
  result_.library = joined(options_.setup.command);
  result_.interface_file =
      fmt::format("{}, dialect {}, frames of at most {} bytes", options_.setup.parent ? "a parent" : "a child",
                  options_.manner.dialect == Dialect::plain ? "plain" : "tagged", options_.manner.limit);
  result_.seed = options_.seed;
  list_rules();
}

void Engine::list_rules() {
  for (std::size_t i = 0; i < judges_.size(); ++i) {
    RuleResult& rule = result_.rules.emplace_back(judges_[i].rule);
    const auto needs = judges_[i].rule.rule().need_list;
    const bool parents_only = std::any_of(needs.begin(), needs.end(),
                                          [](const spec::Need& need) { return need.kind == spec::NeedKind::peer; });
    if (!parents_only || options_.setup.parent) continue;
    rule.status = Status::not_applicable;
    rule.note = "needs a peer that is the parent (--as-child)";
    settled_[i] = true;
  }
}

// The openings first, then conversations of random steps. What breaks the connection is mostly left out once it is
// known.
Conversation Engine::next(std::uint64_t number, std::string& opening) const {
  if (number <= openings_.size()) {
    opening = openings_[number - 1].name;
    return openings_[number - 1].conversation;
  }
  for (std::uint64_t tries = 0;; ++tries) {
    Conversation out = generate(options_.seed, number * 32 + tries, options_.setup.parent);
    const Traits used = traits_of(out);
    const bool avoided =
        std::any_of(avoided_.begin(), avoided_.end(), [&](const Avoided& a) { return (used & a.needed) == a.needed; });
    if (!avoided || tries == 30 || number % watch_every == 0) return out;
  }
}

Result Engine::run() {
  const auto begun = Clock::now();
  auto shown = begun;
  for (std::uint64_t number = 1;
       number <= options_.cases && !done_ && since(begun) - investigated_s_ < options_.seconds; ++number) {
    std::string opening;
    const Conversation conversation = next(number, opening);
    ++result_.cases;
    look(conversation, number, opening);
    if (options_.progress && since(shown) > 0.1) {
      result_.seconds = since(begun) - investigated_s_;
      options_.progress(result_);
      shown = Clock::now();
    }
  }
  result_.seconds = since(begun) - investigated_s_;
  conclude();
  return std::move(result_);
}

void Engine::look(const Conversation& conversation, std::uint64_t number, const std::string& opening) {
  const Trace trace = driver_.run(conversation);
  if (trace.child.begun || !options_.setup.parent) idle_parent_ = false;
  if (idle_parent_ && number == enough_to_begin)
    throw std::runtime_error(fmt::format("{}: it never started the command of its child, its further arguments", joined(options_.setup.command)));
  for (std::size_t i = 0; i < judges_.size() && !done_; ++i) {
    RuleResult& rule = result_.rules[i];
    if (rule.status == Status::not_applicable) continue;
    Verdict verdict = judges_[i].judge(trace);
    if (verdict.outcome != Outcome::not_exercised) ++rule.exercised;
    if (verdict.outcome == Outcome::unknown) ++rule.undecided;
    if (verdict.outcome != Outcome::breach) continue;
    if (rule.broken++ == 0) {
      rule.first_case = number;
      rule.first_seen = verdict.seen;
    }
    if (settled_[i]) continue;
    const auto begun = Clock::now();
    result_.looking_at = judges_[i].rule;
    investigate(i, trace, std::move(verdict), number, opening);
    result_.looking_at.reset();
    rule.investigated_s += since(begun);
    investigated_s_ += since(begun);
  }
}

void Engine::investigate(std::size_t judge, Trace trace, Verdict verdict, std::uint64_t number,
                         const std::string& opening) {
  Counterexample example{trace.conversation, std::move(trace), std::move(verdict), judge};
  const std::size_t original = example.conversation.steps.size();
  int again = 0;
  for (int i = 0; i < confirmations && again == 0; ++i) again += accept(example, example.conversation);
  if (again == 0) {
    if (++looks_[judge] < most_looks) {
      ++result_.rules[judge].undecided;
      --result_.rules[judge].broken;
    } else {
      settled_[judge] = true;
    }
    return;
  }
  shrink(example);
  // Where a shorter conversation breaks another rule instead, this one's breach followed from that.
  if (example.judge != judge) {
    result_.rules[judge].follows_from = judges_[example.judge].rule;
    if (++looks_[judge] >= most_looks) settled_[judge] = true;
    if (settled_[example.judge]) return;
    RuleResult& other = result_.rules[example.judge];
    if (other.broken++ == 0) {
      other.first_case = number;
      other.first_seen = example.verdict.seen;
    }
    other.exercised = std::max<std::uint64_t>(other.exercised, 1);
  }
  RuleResult& rule = result_.rules[example.judge];
  rule.breach = told(example, original);
  rule.breach->case_number = number;
  rule.breach->scenario = opening;
  const auto begun = Clock::now();
  while (rule.breach->of < measured_runs && (rule.breach->of < 2 || since(begun) < measured_s)) {
    ++rule.breach->of;
    rule.breach->seen += judges_[example.judge].judge(driver_.run(example.conversation)).outcome == Outcome::breach;
  }
  rule.follows_from.reset();
  settled_[example.judge] = true;
  note_avoidance(example);
  if (options_.until == judges_[example.judge].rule) done_ = true;
}

// Holds the candidate; true: it breaks the rule, or one from which the rule follows, and is the example from now on.
bool Engine::accept(Counterexample& example, const Conversation& candidate) {
  ++example.candidates;
  Trace trace = driver_.run(candidate);
  Verdict verdict = judges_[example.judge].judge(trace);
  std::size_t judge = example.judge;
  for (std::size_t i = 0; i < judges_.size() && verdict.outcome != Outcome::breach; ++i) {
    const bool may = result_.rules[i].status != Status::not_applicable && (must(judges_[i]) || !must(judges_[judge]));
    if (!may || judges_[i].judge(example.trace).outcome == Outcome::breach) continue;
    verdict = judges_[i].judge(trace);
    if (verdict.outcome == Outcome::breach) example.judge = i;
  }
  if (verdict.outcome != Outcome::breach) return false;
  example.conversation = candidate;
  example.trace = std::move(trace);
  example.verdict = std::move(verdict);
  return true;
}

void Engine::shrink(Counterexample& example) {
  const auto begun = Clock::now();
  const int most = example.candidates + options_.shrink_candidates;
  std::vector<std::string> tried;
  for (bool better = true; better;) {
    better = false;
    for (const Conversation& candidate : simpler(example.conversation)) {
      if (example.candidates >= most || since(begun) > options_.shrink_seconds) return;
      std::string text = to_text(candidate);
      if (std::find(tried.begin(), tried.end(), text) != tried.end()) continue;
      tried.push_back(std::move(text));
      const Counterexample before = example;
      if (!accept(example, candidate)) continue;
      if (!accept(example, candidate)) {  // by chance
        const int candidates = example.candidates;
        example = before;
        example.candidates = candidates;
        continue;
      }
      better = true;
      break;
    }
  }
}

Breach Engine::told(const Counterexample& example, std::size_t original_steps) const {
  Breach breach;
  breach.told = in_words(example.trace, example.verdict);
  breach.original_steps = static_cast<int>(original_steps);
  breach.seed = options_.seed;
  breach.example.sighting.verdict = example.verdict;
  breach.example.reproduced = true;
  for (std::size_t i = 0; i < judges_.size(); ++i)
    if (i != example.judge && result_.rules[i].status != Status::not_applicable &&
        judges_[i].judge(example.trace).outcome == Outcome::breach)
      breach.with.push_back(judges_[i].rule);
  return breach;
}

void Engine::note_avoidance(const Counterexample& example) {
  if (!hides_others(example.trace)) return;
  const Traits needed = traits_of(example.conversation) & ~common_traits();
  if (needed.none()) return;  // what all conversations have cannot be left out
  avoided_.push_back({needed});
  result_.avoided.push_back(fmt::format("{} (after {})", to_text(needed), judges_[example.judge].rule.id()));
}

void Engine::conclude() {
  for (RuleResult& rule : result_.rules) {
    if (rule.status == Status::not_applicable) continue;
    if (rule.breach || (rule.follows_from && rule.broken > 0))
      rule.status = Status::fail;
    else if (rule.exercised == 0)
      rule.status = Status::not_exercised;
    else if (rule.undecided >= rule.exercised || rule.broken > 0)
      rule.status = Status::unknown;
    else
      rule.status = Status::pass;
    if (rule.breach)
      for (const spec::RuleId id : rule.breach->with) {
        const auto other =
            std::find_if(result_.rules.begin(), result_.rules.end(), [&](const RuleResult& r) { return r.rule == id; });
        const bool alone =
            other != result_.rules.end() && other->breach &&
            std::find(other->breach->with.begin(), other->breach->with.end(), rule.rule) == other->breach->with.end();
        rule.breach->beside = rule.breach->beside || alone;
      }
    if (rule.status == Status::unknown && rule.broken > 0)
      rule.note = fmt::format("seen broken in {} cases (first in case {}: {}), and not again", rule.broken,
                              rule.first_case, rule.first_seen);
  }
}

Result Engine::replay(const Conversation& conversation, spec::RuleId rule, int times) {
  const auto begun = Clock::now();
  const auto judge = std::find_if(judges_.begin(), judges_.end(), [&](const Judge& j) { return j.rule == rule; });
  std::optional<Breach> breach;
  int seen = 0;
  for (int i = 0; i < times; ++i) {
    Counterexample example{
        conversation, driver_.run(conversation), {}, static_cast<std::size_t>(judge - judges_.begin())};
    example.verdict = judge->judge(example.trace);
    if (example.verdict.outcome != Outcome::breach) continue;
    if (seen++ == 0) breach = told(example, conversation.steps.size());
  }
  RuleResult outcome(rule);
  outcome.exercised = static_cast<std::uint64_t>(times);
  outcome.status = breach ? Status::fail : Status::pass;
  if (breach) {
    breach->seen = seen;
    breach->of = times;
    outcome.breach = std::move(breach);
  }
  result_.rules = {std::move(outcome)};
  result_.cases = static_cast<std::uint64_t>(times);
  result_.seconds = since(begun);
  return std::move(result_);
}

}  // namespace ffi_cts::peer
