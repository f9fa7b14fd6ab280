// The median of a few rounds, and how sure it is.
#pragma once

#include <vector>

namespace ffi_cts::bench {

// Of an even number of values the mean of the two in the middle. Throws std::invalid_argument when there is none.
double median(std::vector<double> values);

struct Interval {
  double low = 0, high = 0;
  bool of_95 = false;  // false: there are too few values for that, and this is their whole range
};

// An interval that holds the median of what the values were drawn from with a probability of at least 95%, whatever
// their distribution: two order statistics, the k-th smallest and the k-th greatest, k as great as the binomial
// distribution allows (the 4th of 15 each way: 96.5%). Nothing is drawn at random, so the same values give the same
// interval. Six values are the fewest that will do. Throws std::invalid_argument when there is none.
Interval median_interval(std::vector<double> values);

}  // namespace ffi_cts::bench
