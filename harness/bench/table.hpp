// What was measured, for people and for programs; and what there is to measure.
#pragma once

#include <string>
#include <vector>

#include "harness/bench/bench.hpp"

namespace ffi_cts::bench {

std::string table(const std::vector<Result>& results, const Options& options);

// [{name, value, unit, floor, ratio, low, high}], with against, against_ratio, against_low and against_high where a
// second library was measured, growth and floor_growth where a row has several sizes; null and `reason` where there is
// no value.
std::string to_json(const std::vector<Result>& results, const Options& options);

// What the rows and their floors do, and the floors' code.
std::string explained(const std::vector<Group>& groups);

}  // namespace ffi_cts::bench
