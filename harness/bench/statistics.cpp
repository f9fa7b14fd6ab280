#include "harness/bench/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace ffi_cts::bench {
namespace {

std::vector<double> sorted(std::vector<double> values) {
  if (values.empty()) throw std::invalid_argument("no values");
  std::sort(values.begin(), values.end());
  return values;
}

// How many values may be left out at each end: the most for which fewer than so many of n fall on one side of the
// median with a probability of at most 2.5%.
std::size_t left_out(std::size_t n) {
  double probability = std::exp2(-static_cast<double>(n));  // that 0 of n do
  double at_most = 0;
  for (std::size_t k = 0;; ++k) {
    at_most += probability;
    if (at_most > 0.025) return k;
    probability *= static_cast<double>(n - k) / static_cast<double>(k + 1);
  }
}

}  // namespace

double median(std::vector<double> values) {
  values = sorted(std::move(values));
  std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Interval median_interval(std::vector<double> values) {
  values = sorted(std::move(values));
  std::size_t k = left_out(values.size());
  if (k == 0) return {values.front(), values.back(), false};
  return {values[k - 1], values[values.size() - k], true};
}

}  // namespace ffi_cts::bench
