// The run: programs in, verdicts out. It knows judges as functions and rules as ids.
#pragma once

#include <deque>
#include <functional>
#include <span>

#include "harness/engine/result.hpp"
#include "harness/engine/schedule.hpp"
#include "harness/generate/generate.hpp"

namespace ffi_cts {

struct RunOptions {
  WorkerSetup setup;
  std::uint64_t seed = 1;
  std::uint64_t cases = 10'000;
  double seconds = 60;
  Budget shrink;
  int shorter_ones = 2;               // a long counterexample may be replaced by a shorter one so often
  std::optional<spec::RuleId> until;  // end as soon as this rule is found broken
  bool generated_only = false;        // leave the scenarios out
  std::function<void(const Result&)> progress;  // called about ten times a second
};

class Engine {
 public:
  // `judges`: those asked for; the others of the table are not looked at. All references outlive the engine.
  Engine(RunOptions options, const Interface& interface, std::span<const Judge> judges, std::span<const Scenario> scenarios);

  // Throws LibraryError when the library cannot be used at all.
  Result run();

 private:
  struct Case {
    std::uint64_t number = 0;
    Program program;
    const Scenario* scenario = nullptr;  // null: generated
    std::shared_ptr<const std::vector<Program>> ran = {};  // by its worker …
    std::size_t before = 0;                                // … so many of them before it
  };
  struct Avoided {
    Features needed;
    spec::RuleId rule;
  };

  Case next_case();
  Program generate(std::uint64_t number);
  bool avoids(const Program& program, std::uint64_t number) const;
  bool spared(const Scenario& scenario) const;
  bool over() const;
  void renew_worker();
  void submit();
  void run_alone(Case c);
  void go_on();
  void receive();
  void digest(const Case& c, Finished finished);
  std::vector<spec::RuleId> judge(const Case& c, std::shared_ptr<const Trace> trace);
  void weigh_contexts(const Trace& trace);
  void note_breach(RuleResult& rule, const Case& c, const Verdict& verdict);
  void note_scenario(const Scenario& scenario, const Trace& trace, std::vector<spec::RuleId> broken);
  bool missed(const Scenario& scenario) const;
  void list_cells(std::span<const Scenario> scenarios);
  void note_loading();
  void investigate(const Case& c, const Judge& judge, std::shared_ptr<const Trace> trace, Verdict verdict);
  bool promises_shorter(std::size_t judge, const Program& program) const;
  bool hand_over(const Case& c, const Judge& judge, const Breach& breach);
  bool broken_without(const Case& c, const Judge& judge, const Breach& breach);
  bool give(const Case& c, const Judge& judge, const Program& program, std::shared_ptr<const Trace> trace, spec::RuleId to);
  void measure(Breach& breach, const Judge& judge, Clock::time_point until);
  void note_avoidance(const Judge& judge, const Breach& breach);
  void note_company();
  void conclude();
  RuleResult& result_of(const Judge& judge) { return result_.rules[static_cast<std::size_t>(&judge - judges_.data())]; }

  RunOptions options_;
  const Interface& interface_;
  std::vector<Judge> judges_;
  Schedule schedule_;
  Bench bench_;
  Result result_;
  std::unique_ptr<Worker> worker_;
  std::deque<Case> under_way_, waiting_;   // waiting: submitted to a worker that died before it came to them
  std::deque<std::pair<Case, Finished>> arrived_;
  std::shared_ptr<std::vector<Program>> ran_;  // by the worker of the moment
  std::vector<Avoided> avoided_;
  std::vector<bool> settled_;              // by judge: looked into, no more of it
  std::vector<int> looks_;                 // by judge: investigations that came to nothing
  std::vector<int> shortened_;             // by judge: counterexamples tried for a shorter one
  Features applicable_;
  Tuning tuning_;
  std::vector<std::uint64_t> context_cost_ns_;
  std::uint64_t next_number_ = 0, hopelessness_ = 0;
  double investigated_s_ = 0;
  Clock::time_point begun_;
  bool retire_ = false, done_ = false;
};

// Why a rule cannot be judged for this interface by workers with this sanitizer, or nothing.
std::optional<std::string> not_applicable(const spec::Rule& rule, const Interface& interface, Sanitizer watched_by = Sanitizer::none);

}  // namespace ffi_cts
