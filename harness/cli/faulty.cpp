// The bundled faulty libraries and peers, each tried with a number of seeds: is its own rule found broken, first of all, how soon, and
// in how short a program?
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <future>
#include <mutex>
#include <nlohmann/json.hpp>

#include "harness/cli/cli.hpp"
#include "harness/interface/toml_tree.hpp"
#include "harness/report/report.hpp"

namespace ffi_cts {
namespace {

struct Plant {
  std::string id, rule, summary, worker;
  int minimum = 0, rare = 0;
  bool peer = false, parent = false;  // it is no library but a remote peer, a child or a parent
};

constexpr std::uint64_t many_seeds = 10;
constexpr double enough_to_shorten_s = 3;  // below, sizes do not count

struct Tried {
  Plant plant;
  std::uint64_t seeds = 0, caught = 0;
  std::vector<std::uint64_t> cases;
  std::vector<int> steps;
  double seconds = 0;       // of all seeds together
  std::string first_miss;  // what came instead
};

template <typename T>
T median(std::vector<T> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[(values.size() - 1) / 2];  // of an even number the lower one: it was measured
}

std::vector<Plant> read_plants(const std::string& file);

Result try_library(const FaultyCommand& command, const Tried& tried, const spec::Rule& rule, std::uint64_t seed, const Suite& suite) {
  std::string library = bundled_library("faulty/" + tried.plant.id + ".so");
  Interface interface = load_interface(interface_beside(library));
  check_library(library, interface);
  RunOptions options;
  options.setup = worker_setup(library, interface.file, CommonOptions().timeout_s, tried.plant.worker);
  options.seed = seed;
  options.cases = tried.plant.rare >= 100 ? 20'000 : 2'000;
  options.seconds = command.seconds;
  if (command.shrink_seconds < enough_to_shorten_s) options.shorter_ones = 0;
  options.shrink.seconds = command.shrink_seconds;
  options.until = spec::RuleId(rule);
  return Engine(options, interface, suite.judges, suite.scenarios).run();
}

Result try_peer(const FaultyCommand& command, const Tried& tried, const spec::Rule& rule, std::uint64_t seed, const Suite& suite) {
  PeerCommand peer;
  peer.command = {bundled_library("faulty/peers/" + tried.plant.id)};
  if (tried.plant.parent) peer.command.push_back("--parent");
  peer.as_child = tried.plant.parent;
  peer::RunOptions options = run_options(peer);
  options.seed = seed;
  options.cases = 2'000;
  options.seconds = command.seconds;
  options.shrink_seconds = command.shrink_seconds;
  options.until = spec::RuleId(rule);
  return peer::Engine(options, suite.peer_judges, suite.conversations(peer.as_child)).run();
}

void attempt(const FaultyCommand& command, Tried& tried, std::uint64_t seed, const Suite& suite) {
  const spec::Rule* rule = spec::find_rule(tried.plant.rule);
  if (!rule) throw std::runtime_error(fmt::format("{}: no such rule", tried.plant.rule));
  const auto begun = Clock::now();
  Result result = (tried.plant.peer ? try_peer : try_library)(command, tried, *rule, seed, suite);
  tried.seconds += std::chrono::duration<double>(Clock::now() - begun).count();
  ++tried.seeds;
  std::vector<const RuleResult*> failures = failures_in_order(result);
  const RuleResult* first = failures.empty() ? nullptr : failures.front();
  if (first && first->breach && first->rule.id() == tried.plant.rule) {
    ++tried.caught;
    tried.cases.push_back(first->first_case);
    const auto& told = first->breach->told;
    tried.steps.push_back(told ? told->steps : count_steps(first->breach->example.program));
  } else if (tried.first_miss.empty()) {
    tried.first_miss = fmt::format("seed {}: {}", seed, first ? std::string(first->rule.id()) + " came first" : "nothing was found");
  }
}

// With 20 seeds: caught by 19, and the median program at most one step above the minimum. Fewer seeds tell less of what comes
// by chance: then half of them may miss, rare defects are only shown, and so are the sizes.
bool good(const Tried& t) {
  if (t.seeds < many_seeds) return t.plant.rare > 0 || t.caught * 2 >= t.seeds;
  return t.caught * 20 >= t.seeds * 19 && median(t.steps) <= t.plant.minimum + 1;
}

std::string markdown(const std::vector<Tried>& all, const FaultyCommand& command) {
  std::string out = fmt::format(
      "# The faulty libraries, {} seeds each\n\n`ffi-cts list faulty --seeds {} --time {}s --shrink {}s --jobs {}` prints the figures. Caught: its own rule is broken, and first in the report.\n\n"
      "| faulty library | rule | defect | caught | cases until caught (median) | steps (median) | minimum |\n|---|---|---|---|---|---|---|\n",
      command.seeds, command.seeds, command.seconds, command.shrink_seconds, command.jobs);
  std::uint64_t caught = 0, tried = 0;
  for (const Tried& t : all) {
    out += fmt::format("| {} | {} | {} | {} of {} | {} | {} | {} |\n", t.plant.id, t.plant.rule, t.plant.summary, t.caught, t.seeds, median(t.cases),
                       median(t.steps), t.plant.minimum);
    caught += t.caught;
    tried += t.seeds;
  }
  out += fmt::format("\n{} libraries; caught {} of {} times.\n", all.size(), caught, tried);
  return out;
}

nlohmann::json json(const std::vector<Tried>& all) {
  nlohmann::json out = nlohmann::json::array();
  for (const Tried& t : all)
    out.push_back({{"id", t.plant.id}, {"rule", t.plant.rule}, {"caught", t.caught == t.seeds}, {"caught_of", {t.caught, t.seeds}},
                   {"cases_median", median(t.cases)}, {"shrunk_steps", median(t.steps)}, {"minimum_steps", t.plant.minimum}});
  return out;
}

std::vector<Plant> read_plants(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(fmt::format("{}: no such file", file));
  std::string text{std::istreambuf_iterator<char>(in), {}};
  std::vector<Plant> plants;
  toml_tree::Node root = toml_tree::parse(text, file);
  for (const toml_tree::Entry& entry : *root.entries()) {
    if (entry.key == "foreign") continue;  // libraries that are trying in other ways: tests of their own
    if (entry.key != "faulty" || !entry.value.array()) toml_tree::fail(file, entry.line, entry.key, "only [[faulty]] tables are expected");
    for (const toml_tree::Node& table : *entry.value.array()) {
      Plant& plant = plants.emplace_back();
      for (const toml_tree::Entry& field : *table.entries()) {
        const auto* number = std::get_if<std::int64_t>(&field.value.data);
        const std::string* words = field.value.text();
        if (field.key == "id" && words) plant.id = *words;
        else if (field.key == "rule" && words) plant.rule = *words;
        else if (field.key == "summary" && words) plant.summary = *words;
        else if (field.key == "worker" && words) plant.worker = *words;
        else if (field.key == "minimum" && number) plant.minimum = static_cast<int>(*number);
        else if (field.key == "parent") plant.parent = true;
        else if (field.key == "rare" && number) plant.rare = static_cast<int>(*number);
        else if (field.key != "unsure") toml_tree::fail(file, field.line, field.key, "not understood");
      }
    }
  }
  return plants;
}

void try_with_all_seeds(const FaultyCommand& command, Tried& tried, const Suite& suite) {
  for (std::uint64_t i = 0; i < command.seeds; ++i) attempt(command, tried, command.first_seed + i, suite);
  // A few seeds that all missed: more of them tell a busy machine from a judge that has gone blind.
  for (std::uint64_t i = 0; command.check && command.seeds < many_seeds && i < 2 * command.seeds && !good(tried); ++i)
    attempt(command, tried, command.first_seed + command.seeds + i, suite);
}

void print(const Tried& tried) {
  fmt::print("{:<38} {:<7} caught {:>2} of {:<2}  cases {:>5}  steps {:>2} (minimum {})  {:>5.1f} s  {}{}\n", tried.plant.id, tried.plant.rule, tried.caught,
             tried.seeds, median(tried.cases), median(tried.steps), tried.plant.minimum, tried.seconds, good(tried) ? "" : "MISSED ", tried.first_miss);
  std::fflush(stdout);
}

// Does f(tried) for each, so many at a time, each on one thread from its beginning to its end. Throws what one of them threw.
template <typename F>
void each(std::vector<Tried>& all, unsigned jobs, F f) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::future<void>> workers;
  for (unsigned job = 0; job < jobs; ++job)
    workers.push_back(std::async(std::launch::async, [&] {
      for (std::size_t i; (i = next++) < all.size();) f(all[i]);
    }));
  for (auto& worker : workers) worker.get();
}

}  // namespace

int list_faulty(const FaultyCommand& command, const Suite& suite) {
  std::vector<Tried> all;
  for (const Plant& plant : read_plants(bundled_library("faulty/faulty.toml")))
    if (plant.id.starts_with(command.only)) all.emplace_back().plant = plant;
  for (Plant& plant : read_plants(bundled_library("faulty/peers/peers.toml"))) {
    plant.peer = true;
    if (plant.id.starts_with(command.only)) all.emplace_back().plant = std::move(plant);
  }
  if (all.empty()) throw std::runtime_error(fmt::format("{}: no faulty library's or peer's id begins so", command.only));
  std::mutex printing;
  each(all, command.jobs, [&](Tried& tried) {
    try_with_all_seeds(command, tried, suite);
    std::lock_guard lock(printing);
    if (!command.json) print(tried);
  });
  if (command.json) fmt::print("{}\n", json(all).dump(2));
  if (!command.markdown.empty()) std::ofstream(command.markdown) << markdown(all, command);
  return command.check && !std::ranges::all_of(all, good) ? 1 : 0;
}

}  // namespace ffi_cts
