// The run of a judge of peers: conversations in, verdicts out.
#pragma once

#include <functional>
#include <span>

#include "harness/conversation/judge.hpp"
#include "harness/engine/result.hpp"
#include "harness/peer/driver.hpp"
#include "harness/peer/generate.hpp"

namespace ffi_cts::peer {

// A conversation that chance rarely makes, with the name of the rule that it is for: "RMT-6_link_to_the_dead".
struct Opening {
  std::string name;
  Conversation conversation;
};

struct RunOptions {
  Setup setup;
  Manner manner;
  std::uint64_t seed = 1, cases = 10'000;
  double seconds = 60;
  int shrink_candidates = 300;
  double shrink_seconds = 10;
  std::optional<spec::RuleId> until;            // end as soon as this rule is found broken
  std::function<void(const Result&)> progress;  // called about ten times a second
};

class Engine {
 public:
  Engine(RunOptions options, std::span<const Judge> judges, std::span<const Opening> openings);

  // Throws std::runtime_error when the command cannot be started.
  Result run();
  // Holds one conversation so many times and judges it by one rule.
  Result replay(const Conversation& conversation, spec::RuleId rule, int times);

 private:
  struct Avoided {
    Traits needed;
  };
  struct Counterexample {
    Conversation conversation;
    Trace trace;
    Verdict verdict;
    std::size_t judge = 0;
    int candidates = 0;
  };

  void list_rules();
  Conversation next(std::uint64_t number, std::string& opening) const;
  void look(const Conversation& conversation, std::uint64_t number, const std::string& opening);
  void investigate(std::size_t judge, Trace trace, Verdict verdict, std::uint64_t number, const std::string& opening);
  void shrink(Counterexample& example);
  bool accept(Counterexample& example, const Conversation& candidate);
  Breach told(const Counterexample& example, std::size_t original_steps) const;
  void note_avoidance(const Counterexample& example);
  void conclude();

  RunOptions options_;
  std::vector<Judge> judges_;
  std::vector<Opening> openings_;
  Driver driver_;
  Result result_;
  std::vector<bool> settled_;  // by judge
  std::vector<int> looks_;     // by judge: breaches that did not come again
  std::vector<Avoided> avoided_;
  double investigated_s_ = 0;
  bool done_ = false;
  bool idle_parent_ = true;  // a parent that has not started its child yet
};

// A breach of that conversation's, for reports.
Told in_words(const Trace& trace, const Verdict& verdict);

}  // namespace ffi_cts::peer
