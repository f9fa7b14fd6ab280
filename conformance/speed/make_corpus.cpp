// ffi-cts-make-corpus LIBRARY INTERFACE WORKER CORPUS: how corpus.programs was made, for when the program text changes.
// Generated programs of ten steps and ordinary kinds; each was run several times, and none had to give up a wait.
#include <fmt/format.h>
#include <rapidcheck/Random.h>

#include <algorithm>
#include <memory>

#include "conformance/speed/corpus.hpp"
#include "harness/generate/generate.hpp"
#include "harness/shrink/trial.hpp"
#include "harness/worker/worker.hpp"

namespace ffi_cts::speed {
namespace {

constexpr std::uint64_t seed = 1;
constexpr std::size_t wanted = 1000;
constexpr int steps = 10, most_threads = 2, trials = 5;

Features ordinary() {
  Features out;
  for (Feature feature :
       {Feature::echo, Feature::fail, Feature::empty, Feature::emit, Feature::call_host, Feature::listen, Feature::remove, Feature::destroy,
        Feature::several_contexts, Feature::several_threads, Feature::wildcard, Feature::in_event, Feature::in_reply, Feature::in_constructor,
        Feature::in_host_function, Feature::nested_request, Feature::nested_listen, Feature::nested_remove, Feature::nested_destroy,
        Feature::nested_complete, Feature::nested_register})
    set(out, feature);
  return out;
}

// The threads that it uses are A and B.
void rename_threads(Program& program) {
  std::vector<std::uint8_t> seen;
  for (Step& step : program.steps) {
    auto at = std::find(seen.begin(), seen.end(), step.thread);
    if (at == seen.end()) at = seen.insert(seen.end(), step.thread);
    step.thread = static_cast<std::uint8_t>(at - seen.begin());
  }
}

bool runs_through(std::unique_ptr<Worker>& worker, const WorkerSetup& setup, const Program& program) {
  for (int i = 0; i < trials; ++i) {
    if (!worker || worker->lost()) worker = std::make_unique<Worker>(setup);
    worker->submit(1, program, bulk_settle_ms);
    Finished finished = worker->next(false);
    bool gave_up = std::any_of(finished.log.records.begin(), finished.log.records.end(),
                               [](const Record& r) { return r.kind == RecordKind::wait_over && r.result != 0; });
    if (finished.worker_lost || gave_up) return false;
  }
  return true;
}

std::vector<Program> make(const Interface& interface, const WorkerSetup& setup) {
  std::vector<Program> out;
  std::unique_ptr<Worker> worker;
  const Features allowed = ordinary() & applicable_features(interface);
  for (std::uint64_t number = 1; out.size() < wanted; ++number) {
    rc::Random random(seed * 0x9e3779b97f4a7c15u + number);
    Features features = swarm(random.split(), allowed);
    Program program = programs(interface, features, {})(random.split(), 100).value();
    rename_threads(program);
    bool fits = count_steps(program) == steps && count_threads(program) <= most_threads && (features_of(program) & ~allowed).none();
    if (fits && runs_through(worker, setup, program))
      out.push_back(std::move(program));
  }
  return out;
}

}  // namespace
}  // namespace ffi_cts::speed

int main(int argc, char** argv) {
  using namespace ffi_cts;
  if (argc != 5) {
    fmt::print(stderr, "usage: ffi-cts-make-corpus LIBRARY INTERFACE WORKER CORPUS\n");
    return 2;
  }
  try {
    Interface interface = load_interface(argv[2]);
    WorkerSetup setup{.program = argv[3], .library = argv[1], .interface_file = argv[2]};
    speed::write_corpus(argv[4], speed::make(interface, setup), "# Made by ffi-cts-make-corpus; conformance/speed/make_corpus.cpp says how.\n");
  } catch (const std::exception& error) {
    fmt::print(stderr, "ffi-cts-make-corpus: {}\n", error.what());
    return 2;
  }
}
