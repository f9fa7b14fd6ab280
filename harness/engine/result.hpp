// What a run found, for reports.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/engine/coverage.hpp"
#include "harness/engine/schedule.hpp"
#include "harness/shrink/shrink.hpp"

namespace ffi_cts {

enum class Status : std::uint8_t { pass, fail, not_exercised, not_applicable, unknown };

// A counterexample that is no program of calls, in words: a conversation with a peer.
struct Told {
  int steps = 0;
  std::vector<std::string> program;  // a line for each step
  std::vector<std::string> trace;    // the events that prove the breach
  std::vector<std::string> ending;   // how the peer ended, if that matters; "exit" and so on are said in it
  std::string text;                  // the steps as case files hold them
};

struct Breach {
  Counterexample example;        // of a conversation: the verdict only
  std::optional<Told> told;
  int original_steps = 0;        // of the program that broke it first
  std::uint64_t seed = 0, case_number = 0;
  std::string scenario;          // its name, when a scenario broke it
  int seen = 0, of = 0;          // how often the final program broke it again
  std::vector<spec::RuleId> with;  // other rules that the same run breaks
  bool beside = false;           // one of them has a shorter story of its own that leaves this rule whole: shown after it
  std::string output;            // the last that the library printed
  std::string case_file;         // where it was saved
};

struct RuleResult {
  explicit RuleResult(spec::RuleId id) : rule(id) {}

  spec::RuleId rule;
  Status status = Status::not_exercised;
  std::uint64_t exercised = 0;   // cases in which its condition came up
  std::uint64_t undecided = 0;
  std::uint64_t broken = 0;      // cases that broke it
  std::uint64_t first_case = 0;  // the first of them …
  std::string first_seen;        // … and what was seen in it
  std::optional<Breach> breach;
  std::optional<spec::RuleId> follows_from;  // broken only together with that rule
  std::string note;              // why it is not applicable, or unknown
  double judged_s = 0;           // spent in its judge, over all cases
  double investigated_s = 0;     // spent on looking closer at its breaches
  bool as_expected = false;      // broken, and an expectation says so
};

// A failure that is known: an entry of the file of --expect, and what became of it in this run.
struct Expectation {
  enum class Outcome : std::uint8_t {
    not_asked,        // the run was not to judge the rule
    as_expected,      // broken, as it says
    not_seen,         // neither broken so nor passed: not exercised, unknown, or another entry of the rule came true
    other_failure,    // broken, and what was seen is not what it says
    unexpected_pass,  // exercised and whole
    stale,            // the rule does not apply to the library, or nothing judges it
    expired,          // the day it ends with is over
  };

  explicit Expectation(spec::RuleId id) : rule(id) {}

  spec::RuleId rule;
  std::string message;           // part of what is seen; empty: any breach
  std::string reason, link;
  std::string until;             // its last day, as 2026-12-31; empty: it has none
  std::string file;
  int line = 0;
  Outcome outcome = Outcome::not_asked;
};

// What became of a scenario that stands in a table.
struct CellResult {
  const Scenario* scenario;
  bool applicable = true;        // the interface file makes it possible
  int runs = 0, reached = 0;     // how often it ran, and how often what its cell stands for came about
  std::vector<spec::RuleId> broken = {};  // by those runs; a rule that holds all the same was not seen broken again
};

struct Result {
  std::string library, interface_file;
  std::string worker = "plain";  // or the sanitizer's: asan, tsan
  std::uint64_t seed = 0, cases = 0;
  double seconds = 0;            // in generated programs and scenarios; looking closer at breaches not counted
  std::uint64_t lost_workers = 0;
  std::vector<RuleResult> rules;
  std::vector<std::string> avoided;  // what was left out after a crash or hang, and because of which rule
  std::string stopped;           // why the run ended before its budget, if it did
  std::optional<spec::RuleId> looking_at;  // while it looks closer at a breach
  Coverage coverage;             // what the programs did; looking closer at breaches not counted
  std::vector<CoverageCell> goals;  // what a full run must have reached of it
  std::vector<std::string> denied;  // exports of kinds that the interface file says the library lacks
  bool full = false;             // long enough, and nothing left aside, so that each applicable rule should have come up
  std::vector<CellResult> cells; // in the order of the scenarios, which outlive the result
  std::vector<Expectation> expectations;
};

}  // namespace ffi_cts
