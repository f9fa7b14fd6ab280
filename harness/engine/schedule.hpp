// Scenarios: programs written by hand, and when each is due among the generated ones.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/trace/trace.hpp"

namespace ffi_cts {

// Where a scenario stands in a table of the report, and how to tell that what its cell stands for came about.
struct Cell {
  std::string table, row, column;
  std::function<bool(const Trace&)> reached = {};
};

struct Scenario {
  std::string name;      // "EVT-9_remove_itself": the rule that it is for, and what it does
  Program program;
  Cell cell = {};        // without a table: none
};

// "EVT-9" of "EVT-9_remove_itself".
std::string_view rule_of(const Scenario& scenario);

// Which scenario is due when. Those named after rules come first, the rules that the run is after before others; then the cells
// of tables. The quick ones of the rules that the run is after come again and again, once these have been through, for what they
// show may come by chance.
class Schedule {
 public:
  // The scenarios outlive the schedule. `rules`: those that the run is after.
  Schedule(std::span<const Scenario> scenarios, const std::set<std::string_view>& rules);

  // The scenario that the program of this number is to be, or null: a generated one. Those left out are not due.
  const Scenario* due(std::uint64_t number, const std::function<bool(const Scenario&)>& left_out);

  // To be said of each that was run. `missed`: what it is for did not come up; it comes again soon, if it is quick and did
  // not come again too often.
  void ran(const Scenario& scenario, const Trace& trace, bool missed);

 private:
  bool comes_again(const Scenario& scenario) const;

  std::vector<const Scenario*> named_, cells_;
  std::size_t asked_for_ = 0;                 // of the named ones: of the rules that the run is after
  std::size_t next_named_ = 0, next_cell_ = 0;
  std::vector<const Scenario*> quick_;        // of the named ones: they took little time
  std::deque<const Scenario*> again_;
  std::map<const Scenario*, int> tried_again_;
};

}  // namespace ffi_cts
