#include "harness/engine/engine.hpp"

#include <fmt/format.h>
#include <rapidcheck/Random.h>

#include <algorithm>

namespace ffi_cts {
namespace {

constexpr std::size_t recycle_after = 1500;    // programs in one worker: its history stays short enough to be run again
constexpr std::uint64_t watch_every = 50;      // of the programs left out, one in so many is run all the same
constexpr std::uint64_t hopeless_after = 30;   // lost workers, almost in a row, without anything new
constexpr std::uint64_t hope_of_one = 5;        // so many losses one program makes good that the library survived
constexpr double most_beside_s = 20;
constexpr std::uint64_t expensive_context_ns = 10'000'000;

std::set<std::string_view> ids_of(std::span<const Judge> judges) {
  std::set<std::string_view> out;
  for (const Judge& judge : judges) out.insert(judge.rule.id());
  return out;
}

double since(Clock::time_point begun) { return std::chrono::duration<double>(Clock::now() - begun).count(); }

}  // namespace

Engine::Engine(RunOptions options, const Interface& interface, std::span<const Judge> judges, std::span<const Scenario> scenarios)
    : options_(std::move(options)),
      interface_(interface),
      judges_(judges.begin(), judges.end()),
      schedule_(scenarios, ids_of(judges)),
      bench_(options_.setup, interface),
      settled_(judges.size()),
      looks_(judges.size()),
      shortened_(judges.size()),
      applicable_(applicable_features(interface)) {
  result_.library = options_.setup.library;
  result_.interface_file = options_.setup.interface_file;
  result_.worker = worker_word(options_.setup.sanitizer);
  result_.seed = options_.seed;
  result_.goals = coverage_goals(interface);
  list_cells(scenarios);
  for (std::size_t i = 0; i < judges_.size(); ++i) {
    RuleResult& rule = result_.rules.emplace_back(judges_[i].rule);
    if (auto why = not_applicable(judges_[i].rule.rule(), interface, options_.setup.watched_by())) {
      rule.status = Status::not_applicable;
      rule.note = *why;
      settled_[i] = true;
    }
  }
}

Result Engine::run() {
  begun_ = Clock::now();
  renew_worker();
  if (worker_->lost()) {
    note_loading();
    return std::move(result_);
  }
  done_ = std::ranges::all_of(result_.rules, [](const RuleResult& r) { return r.status == Status::not_applicable; });
  // From here on whatever happens loses nothing of what was seen.
  try {
    go_on();
  } catch (const std::exception& error) {
    result_.stopped = error.what();
  }
  result_.seconds = since(begun_) - investigated_s_;
  conclude();
  return std::move(result_);
}

void Engine::go_on() {
  for (auto shown = begun_; !done_ || !arrived_.empty();) {
    while (!done_ && !over() && !retire_ && worker_->room()) submit();
    if (arrived_.empty() && under_way_.empty()) {
      if (over()) return;
      renew_worker();
      continue;
    }
    if (arrived_.empty()) receive();
    auto [c, finished] = std::move(arrived_.front());
    arrived_.pop_front();
    digest(c, std::move(finished));
    if (options_.progress && since(shown) > 0.1) {
      result_.seconds = since(begun_) - investigated_s_;
      options_.progress(result_);
      shown = Clock::now();
    }
  }
}

bool Engine::over() const {
  return done_ || (next_number_ >= options_.cases && waiting_.empty()) || since(begun_) - investigated_s_ > options_.seconds;
}

void Engine::renew_worker() {
  const bool first = !worker_;
  worker_ = std::make_unique<Worker>(options_.setup);
  ran_ = std::make_shared<std::vector<Program>>();
  retire_ = false;
  if (first || !worker_->lost()) return;
  result_.stopped = "the library can no longer be loaded";
  done_ = true;
}

namespace {

// A scenario's schedule, and the values in its arguments by type, are others each time that it comes, and with each seed.
Program varied(Program program, std::uint64_t seed, std::uint64_t number) {
  const std::uint64_t shift = 1009 * seed + number;
  if (program.schedule != 0) program.schedule = 1 + static_cast<std::uint32_t>((program.schedule + shift) % 1'000'000);
  for (Step& step : program.steps)
    if (step.misuse == Misuse::item && step.payload.size > 0) step.payload.seed = static_cast<std::uint32_t>((step.payload.seed + shift) % 1'000'000);
  return program;
}

}  // namespace

Engine::Case Engine::next_case() {
  if (!waiting_.empty()) {
    Case c = std::move(waiting_.front());
    waiting_.pop_front();
    return c;
  }
  std::uint64_t number = ++next_number_;
  auto left_out = [&](const Scenario& scenario) { return avoids(scenario.program, number) || spared(scenario); };
  if (!options_.generated_only)
    if (const Scenario* scenario = schedule_.due(number, left_out)) return {number, varied(scenario->program, options_.seed, number), scenario};
  return {number, generate(number)};
}

// Where contexts cost much, time goes to the scenarios of rules that nothing has exercised yet.
bool Engine::spared(const Scenario& scenario) const {
  if (!tuning_.few_contexts) return false;
  return !scenario.cell.table.empty() || std::any_of(result_.rules.begin(), result_.rules.end(), [&](const RuleResult& rule) {
    return rule.exercised > 0 && scenario.name.starts_with(std::string(rule.rule.id()) + "_");
  });
}

// Each case has randomness of its own, from the seed and its number.
Program Engine::generate(std::uint64_t number) {
  rc::Random random(options_.seed * 0x9e3779b97f4a7c15u + number);
  for (int tries = 0;; ++tries) {
    Features features = swarm(random.split(), applicable_);
    Program program = programs(interface_, features, tuning_)(random.split(), 100).value();
    if (tries == 20 || !avoids(program, number)) return program;
  }
}

bool Engine::avoids(const Program& program, std::uint64_t number) const {
  if (avoided_.empty() || number % watch_every == 0) return false;
  Features used = features_of(program);
  return std::any_of(avoided_.begin(), avoided_.end(), [&](const Avoided& a) { return (used & a.needed) == a.needed; });
}

void Engine::submit() {
  Case c = next_case();
  if (c.program.fresh_process) return run_alone(std::move(c));
  worker_->submit(c.number, c.program, bulk_settle_ms);
  c.ran = ran_;
  c.before = ran_->size();
  ran_->push_back(c.program);
  // Calls with dead handles break the host's own obligations: nothing else runs in that process afterwards.
  retire_ = ran_->size() >= recycle_after || has(features_of(c.program), Feature::dead_handle);
  under_way_.push_back(std::move(c));
}

// The worker of the moment goes on meanwhile.
void Engine::run_alone(Case c) {
  Worker worker(options_.setup);
  if (worker.lost()) return;  // it did not load this time; if it never does again, the next worker tells
  worker.submit(c.number, c.program, bulk_settle_ms);
  digest(c, worker.next(false));
}

// The program that was submitted first is over.
void Engine::receive() {
  Finished finished = worker_->next(false);
  const bool lost = finished.worker_lost;
  arrived_.emplace_back(std::move(under_way_.front()), std::move(finished));
  under_way_.pop_front();
  if (!lost) return;
  for (Case& behind : under_way_) waiting_.push_back(std::move(behind));
  under_way_.clear();
  renew_worker();
}

void Engine::digest(const Case& c, Finished finished) {
  ++result_.cases;
  if (finished.worker_lost) {
    ++result_.lost_workers;
    ++hopelessness_;
  } else {
    hopelessness_ -= std::min(hopelessness_, hope_of_one);
  }
  auto trace = std::make_shared<const Trace>(index(std::move(finished.log), c.program, interface_));
  result_.coverage.count(*trace);
  weigh_contexts(*trace);
  std::vector<spec::RuleId> broken = judge(c, trace);
  if (c.scenario) note_scenario(*c.scenario, *trace, std::move(broken));
  if (hopelessness_ >= hopeless_after) {
    result_.stopped = fmt::format("nearly all of the last {} programs ended with the worker", hopeless_after);
    done_ = true;
  }
}

// A scenario is named after the rule that it is for. What it needs may not have come about (calls that overlap, say).
bool Engine::missed(const Scenario& scenario) const {
  auto of_rule = std::find_if(result_.rules.begin(), result_.rules.end(), [&](const RuleResult& r) { return r.rule.id() == rule_of(scenario); });
  return of_rule != result_.rules.end() && of_rule->exercised == 0 && of_rule->status != Status::not_applicable;
}

void Engine::note_scenario(const Scenario& scenario, const Trace& trace, std::vector<spec::RuleId> broken) {
  if (scenario.cell.table.empty()) return schedule_.ran(scenario, trace, missed(scenario));
  auto cell = std::find_if(result_.cells.begin(), result_.cells.end(), [&](const CellResult& c) { return c.scenario == &scenario; });
  ++cell->runs;
  if (scenario.cell.reached(trace)) ++cell->reached;
  for (spec::RuleId rule : broken)
    if (std::find(cell->broken.begin(), cell->broken.end(), rule) == cell->broken.end()) cell->broken.push_back(rule);
  schedule_.ran(scenario, trace, cell->reached == 0);
}

void Engine::list_cells(std::span<const Scenario> scenarios) {
  for (const Scenario& scenario : scenarios)
    if (!scenario.cell.table.empty()) result_.cells.push_back({&scenario, (features_of(scenario.program) & ~applicable_).none()});
}

// Contexts that cost much are kept longer: fewer of them, in longer programs. What counts is the usual cost of making and
// destroying one; a destroy that a callback holds up is no measure.
void Engine::weigh_contexts(const Trace& trace) {
  if (tuning_.few_contexts || context_cost_ns_.size() >= 40) return;
  for (const Context& context : trace.contexts) {
    const Call* destroy = context.destroyed();
    if (context.role != RoleName::create || !context.create->finished() || !destroy) continue;
    context_cost_ns_.push_back(context.create->returned_ns - context.create->entered_ns + destroy->returned_ns - destroy->entered_ns);
  }
  if (context_cost_ns_.size() < 8) return;
  std::vector<std::uint64_t> sorted = context_cost_ns_;
  std::sort(sorted.begin(), sorted.end());
  if (sorted[sorted.size() / 2] > expensive_context_ns) tuning_ = {3, true};
}

void Engine::note_breach(RuleResult& rule, const Case& c, const Verdict& verdict) {
  if (rule.broken++ > 0) return;
  rule.first_case = c.number;
  rule.first_seen = verdict.seen;
}

// Returns the rules that this trace breaks, whatever becomes of them.
std::vector<spec::RuleId> Engine::judge(const Case& c, std::shared_ptr<const Trace> trace) {
  std::vector<std::pair<std::size_t, Verdict>> breaches;
  Clock::time_point before = Clock::now();
  for (std::size_t i = 0; i < judges_.size(); ++i) {
    RuleResult& rule = result_.rules[i];
    if (rule.status == Status::not_applicable) continue;
    Verdict verdict = judges_[i].judge(*trace);
    const Clock::time_point after = Clock::now();
    rule.judged_s += std::chrono::duration<double>(after - std::exchange(before, after)).count();
    if (verdict.outcome != Outcome::not_exercised) ++rule.exercised;
    if (verdict.outcome == Outcome::unknown) ++rule.undecided;
    if (verdict.outcome == Outcome::breach) {
      note_breach(rule, c, verdict);
      breaches.emplace_back(i, std::move(verdict));
    }
  }
  auto is_broken = [&](spec::RuleId rule) {
    return std::any_of(breaches.begin(), breaches.end(), [&](auto& b) { return judges_[b.first].rule == rule; });
  };
  std::vector<spec::RuleId> broken;
  for (const auto& [i, verdict] : breaches) broken.push_back(judges_[i].rule);
  for (auto& [i, verdict] : breaches) {
    const auto& roots = judges_[i].follows_from;
    auto root = std::find_if(roots.begin(), roots.end(), is_broken);
    if (root != roots.end()) {
      if (!result_.rules[i].breach) result_.rules[i].follows_from = *root;
      continue;
    }
    if (settled_[i] && !promises_shorter(i, c.program)) continue;
    // A run that is after one rule only does not look closer at the others for ever.
    if (options_.until && options_.until != judges_[i].rule && investigated_s_ > most_beside_s) continue;
    auto begun = Clock::now();
    result_.looking_at = judges_[i].rule;
    if (options_.progress) options_.progress(result_);
    investigate(c, judges_[i], trace, verdict);
    result_.looking_at.reset();
    result_.rules[i].investigated_s += since(begun);
    investigated_s_ += since(begun);
    if (done_) break;
  }
  return broken;
}

void Engine::note_loading() {
  auto trace = std::make_shared<Trace>();
  trace->ending = worker_->loading();
  for (const Judge& judge : judges_) {
    RuleResult& rule = result_of(judge);
    if (rule.status == Status::not_applicable) continue;
    Verdict verdict = judge.judge(*trace);
    if (verdict.outcome != Outcome::breach) continue;
    rule.status = Status::fail;
    rule.exercised = rule.broken = 1;
    Breach breach;
    breach.seed = options_.seed;
    breach.seen = breach.of = 1;
    breach.output = worker_->output();
    breach.example.sighting.verdict = std::move(verdict);
    breach.example.sighting.trace = trace;
    rule.breach = std::move(breach);
  }
  result_.stopped = "the library did not load";
}

void Engine::conclude() {
  note_company();
  for (RuleResult& rule : result_.rules) {
    if (rule.status == Status::not_applicable) continue;
    if (rule.breach || rule.follows_from) rule.status = Status::fail;
    else if (rule.exercised == 0) rule.status = Status::not_exercised;
    else if (rule.undecided == rule.exercised || rule.broken > 0) rule.status = Status::unknown;
    else rule.status = Status::pass;
    if (rule.status == Status::unknown && rule.broken > 0) rule.note = fmt::format("seen broken in {} cases (first in case {}: {}), and never again", rule.broken, rule.first_case, rule.first_seen);
  }
}

}  // namespace ffi_cts
