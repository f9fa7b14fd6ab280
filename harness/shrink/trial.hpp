// Trying a program again: does it still break the rule, and how often?
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "harness/trace/judge.hpp"
#include "harness/worker/worker.hpp"

namespace ffi_cts {

using Clock = std::chrono::steady_clock;

// Programs that must run in the same process before, each so many times.
using History = std::vector<std::pair<Program, int>>;

// One run of a program and what a judge said of it.
struct Sighting {
  std::shared_ptr<const Trace> trace;
  Verdict verdict;
  int run = 0;  // the how-manieth run it was, from 1
};

class Bench {
 public:
  Bench(WorkerSetup setup, const Interface& interface) : setup_(std::move(setup)), interface_(interface) {}

  // A new worker for the next run.
  void fresh() { worker_.reset(); }

  // Runs the program up to `runs` times in one worker until the judge sees a breach. A worker that dies is replaced.
  // Nothing: it was not seen, or the time was up.
  std::optional<Sighting> seek(const Judge& judge, const Program& program, int runs, Clock::time_point until, bool stacks = false);
  // Does the judge see a breach in each of `runs` runs? Where runs are slow, in as many as fit until then, but in two.
  bool always(const Judge& judge, const Program& program, int runs, Clock::time_point until);
  // As `seek`, after the history has run (in a fresh worker). A history that kills the worker by itself gives nothing.
  std::optional<Sighting> seek_after(const History& history, const Judge& judge, const Program& program, int runs, Clock::time_point until, bool stacks = false);
  // Runs it exactly once.
  std::shared_ptr<const Trace> once(const Program& program, bool stacks);
  int runs() const { return runs_; }
  const std::string& output() const { return output_; }

 private:
  // Runs it up to `runs` times, several under way at once where they are quick, until `look` says that it has seen enough.
  void repeat(const Program& program, int runs, Clock::time_point until, bool stacks, const std::function<bool(std::shared_ptr<const Trace>, int run)>& look);
  Worker& worker();
  std::shared_ptr<const Trace> finish(bool stacks, const Program& program);

  WorkerSetup setup_;
  const Interface& interface_;
  std::unique_ptr<Worker> worker_;
  std::uint64_t sequence_ = 0;
  int runs_ = 0;
  std::string output_;
};

// How long a run waits at most for the library's threads to leave, so that what comes late is seen: in trials, and in bulk.
constexpr int patient_settle_ms = 20, bulk_settle_ms = 2;

}  // namespace ffi_cts
