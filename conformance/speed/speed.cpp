// ffi-cts-speed LIBRARY INTERFACE CORPUS [WORKER [OTHER-WORKER]] [--check]: how fast the harness is, beside a bare C loop that makes
// the same ABI calls, and with a worker of another build (of another commit, say; the two must agree about the shared memory). Five
// rounds of each in turn, and their medians. Exit code 1 when the harness is slower than it must be, or did not get through; with
// --check one round of each, and only the latter.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

#include "conformance/rules/judge.hpp"
#include "conformance/speed/bare_loop.h"
#include "conformance/speed/corpus.hpp"
#include "conformance/speed/flatten.hpp"
#include "harness/driver/library.hpp"
#include "harness/engine/engine.hpp"

namespace ffi_cts::speed {
namespace {

constexpr int rounds = 5;
constexpr double least_ratio = 0.5, least_per_second = 2000;

using SteadyClock = std::chrono::steady_clock;

struct Round {
  double per_second = 0;             // programs
  std::uint64_t calls = 0, callbacks = 0;  // crossings of the ABI, there and back
  std::uint64_t breaches = 0, undone = 0;  // judgements; programs that did not end as they should
};

double rate(std::size_t programs, SteadyClock::time_point begun) {
  return static_cast<double>(programs) / std::chrono::duration<double>(SteadyClock::now() - begun).count();
}

std::vector<Judge> judges_for(const Interface& interface) {
  std::vector<Judge> out;
  for (const Judge& judge : rules::all())
    if (!not_applicable(judge.rule.rule(), interface)) out.push_back(judge);
  return out;
}

// As Engine::run has it: programs are submitted while there is room, and each log is indexed and judged by every rule. The
// worker is started before the clock, as the library of the bare loop is loaded before it.
Round harness(const WorkerSetup& setup, const Interface& interface, const std::vector<Judge>& judges, const std::vector<Program>& programs) {
  Round round;
  Worker worker(setup);
  auto begun = SteadyClock::now();
  for (std::size_t submitted = 0, taken = 0; taken < programs.size(); ++taken) {
    for (; submitted < programs.size() && worker.room(); ++submitted) worker.submit(submitted, programs[submitted], bulk_settle_ms);
    Finished finished = worker.next(false);
    if (finished.worker_lost) {
      round.undone = programs.size() - taken;
      return round;
    }
    auto trace = std::make_shared<const Trace>(index(std::move(finished.log), programs[taken], interface));
    for (const Judge& judge : judges) round.breaches += judge.judge(*trace).outcome == Outcome::breach;
    round.calls += trace->calls.size();
    round.callbacks += trace->callbacks.size();
    round.undone += !trace->completed() || std::any_of(trace->waits.begin(), trace->waits.end(), [](const Wait& w) { return w.given_up; });
  }
  round.per_second = rate(programs.size(), begun);
  return round;
}

Round bare_loop(const bare_library& library, const std::vector<bare_program>& programs) {
  Round round;
  bare_begin(&library);
  auto begun = SteadyClock::now();
  for (const bare_program& program : programs) round.undone += bare_run(&program) != 0;
  round.per_second = rate(programs.size(), begun);
  bare_counts counts = bare_counted();
  round.calls = counts.calls;
  round.callbacks = counts.callbacks;
  bare_end();
  return round;
}

// The round in the middle, by its speed.
Round median(std::vector<Round> all) {
  std::sort(all.begin(), all.end(), [](const Round& a, const Round& b) { return a.per_second < b.per_second; });
  return all[all.size() / 2];
}

void print_row(const char* name, const std::vector<Round>& all, std::size_t programs) {
  auto slower = [](const Round& a, const Round& b) { return a.per_second < b.per_second; };
  auto [least, most] = std::minmax_element(all.begin(), all.end(), slower);
  Round middle = median(all);
  auto each = [&](std::uint64_t n) { return static_cast<double>(n) / static_cast<double>(programs); };
  fmt::print("{:<10} {:>10.0f}/s {:>8.0f} … {:<8.0f} {:>9.1f} us {:>7.2f} {:>10.2f}\n", name, middle.per_second, least->per_second, most->per_second,
             1e6 / middle.per_second, each(middle.calls), each(middle.callbacks));
}

struct Options {
  std::string library, interface_file, corpus, worker, other;
  bool check = false;
};

std::optional<Options> parse(int argc, char** argv) {
  Options options;
  std::vector<std::string> words;
  for (std::string word : std::vector<std::string>(argv + 1, argv + argc)) {
    if (word == "--check") options.check = true;
    else words.push_back(word);
  }
  if (words.size() < 3 || words.size() > 5) return std::nullopt;
  options.library = words[0];
  options.interface_file = words[1];
  options.corpus = words[2];
  options.worker = words.size() > 3 ? words[3] : (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "ffi-cts-worker").string();
  if (words.size() > 4) options.other = words[4];
  return options;
}

int measure(const Options& options) {
  Interface interface = load_interface(options.interface_file);
  check_library(options.library, interface);
  std::vector<Program> programs = read_corpus(options.corpus);
  std::vector<Judge> judges = judges_for(interface);
  WorkerSetup setup{.program = options.worker, .library = options.library, .interface_file = options.interface_file};
  Library library = load_library(options.library, interface);
  bare_library bare{library.create,           library.destroy,       library.add_event_listener, library.remove_event_listener,
                    library.register_host_fn, library.host_complete};
  FlatPrograms flat(interface, library, programs);

  WorkerSetup other = setup;
  other.program = options.other;
  std::vector<Round> of_harness, of_bare, of_other;
  std::uint64_t undone = 0, breaches = 0;
  for (int i = 0; i < (options.check ? 1 : rounds); ++i) {
    std::vector<Round> now = {of_harness.emplace_back(harness(setup, interface, judges, programs)), of_bare.emplace_back(bare_loop(bare, flat.programs()))};
    if (!options.other.empty()) now.push_back(of_other.emplace_back(harness(other, interface, judges, programs)));
    for (const Round& round : now) {
      undone += round.undone;
      breaches += round.breaches;
    }
  }

  double fast = median(of_harness).per_second, ratio = fast / median(of_bare).per_second;
  fmt::print("{} programs, {} rules judged, {} of each in turn\n\n", programs.size(), judges.size(), options.check ? "one round" : fmt::format("{} rounds", rounds));
  fmt::print("{:<10} {:>12} {:>19} {:>12} {:>7} {:>10}\n", "", "programs", "slowest … fastest  ", "a program", "calls", "callbacks");
  print_row("harness", of_harness, programs.size());
  print_row("bare loop", of_bare, programs.size());
  fmt::print("{:<10} {:>12.2f}\n\n", "ratio", ratio);
  if (!of_other.empty()) {
    print_row("other", of_other, programs.size());
    fmt::print("{:<10} {:>12.2f}  of the other worker\n\n", "harness", fast / median(of_other).per_second);
  }
  if (breaches) fmt::print("{} judgements of the harness were breaches\n", breaches);
  if (undone) {
    fmt::print("{} programs did not get through\n", undone);
    return 1;
  }
  if (options.check) return 0;
  bool enough = ratio >= least_ratio && fast >= least_per_second;
  fmt::print("{}: the harness must keep {:.1f} of the bare loop's speed, and {:.0f} programs/s\n", enough ? "enough" : "NOT ENOUGH", least_ratio, least_per_second);
  return enough ? 0 : 1;
}

}  // namespace
}  // namespace ffi_cts::speed

int main(int argc, char** argv) {
  using namespace ffi_cts;
  auto options = speed::parse(argc, argv);
  if (!options) {
    fmt::print(stderr, "usage: ffi-cts-speed LIBRARY INTERFACE CORPUS [WORKER [OTHER-WORKER]] [--check]\n");
    return 2;
  }
  try {
    return speed::measure(*options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "ffi-cts-speed: {}\n", error.what());
    return 2;
  }
}
