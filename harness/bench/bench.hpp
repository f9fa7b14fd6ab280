// Measures rows: each side of a row in a process of its own, in turn, round after round.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/bench/rows.hpp"
#include "harness/bench/statistics.hpp"

namespace ffi_cts::bench {

struct Subject {
  std::string library;
  Interface interface;
};

struct Options {
  Subject subject;
  std::optional<Subject> against;
  int rounds = 15;
  double limit_s = 60;  // for one measurement
  // For people who wait: the rows at it, and the rounds done.
  std::function<void(const std::string& row, int round)> progress;
};

// A ratio of each round; of those the median and its interval.
struct Ratio {
  double median = 0;
  Interval interval;
};

struct Side {
  std::optional<double> value;  // the median, in the row's unit
  std::string why_not;          // without one: why there is none
  bool failed = false;          // it was tried
};

struct Result {
  std::string name, unit;
  Side subject, floor, against;
  std::optional<Ratio> to_floor, to_against;   // the subject's cost divided by the other's
  std::optional<double> growth, floor_growth;  // in a group of several sizes: beside the cost in the smallest
};

// Throws Failure when a library cannot be loaded.
void check_loads(const Options& options);

// In the order of the groups' rows.
std::vector<Result> measure(const std::vector<Group>& groups, const Options& options);

}  // namespace ffi_cts::bench
