#include "harness/bench/statistics.hpp"

#include <gmock/gmock.h>

#include <numeric>
#include <random>

namespace ffi_cts::bench {
namespace {

std::vector<double> one_to(int n) {
  std::vector<double> values(static_cast<std::size_t>(n));
  std::iota(values.begin(), values.end(), 1.0);
  return values;
}

TEST(Median, Is_the_value_in_the_middle_however_they_are_ordered) {
  EXPECT_EQ(median({7}), 7);
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({100, 1, 2, 3, 4}), 3);
  EXPECT_EQ(median({5, 5, 5}), 5);
}

TEST(Median, Of_an_even_number_is_the_mean_of_the_two_in_the_middle) {
  EXPECT_EQ(median({1, 2}), 1.5);
  EXPECT_EQ(median({8, 1, 4, 2}), 3);
}

TEST(Median, Of_nothing_is_refused) {
  EXPECT_THROW(median({}), std::invalid_argument);
  EXPECT_THROW(median_interval({}), std::invalid_argument);
}

// The ranks that tables of the sign test give.
TEST(Median_interval, Leaves_out_as_many_at_each_end_as_the_binomial_distribution_allows) {
  const std::vector<std::pair<int, int>> lowest = {{6, 1},  {8, 1},  {9, 2},  {11, 2},  {12, 3},
                                                   {15, 4}, {20, 6}, {25, 8}, {50, 18}, {100, 40}};
  for (auto [n, rank] : lowest) {
    Interval interval = median_interval(one_to(n));
    EXPECT_EQ(interval.low, rank) << n;
    EXPECT_EQ(interval.high, n + 1 - rank) << n;
    EXPECT_TRUE(interval.of_95) << n;
  }
}

TEST(Median_interval, Of_fewer_than_six_is_their_range_and_says_so) {
  Interval interval = median_interval({4, 9, 2, 8, 5});
  EXPECT_EQ(interval.low, 2);
  EXPECT_EQ(interval.high, 9);
  EXPECT_FALSE(interval.of_95);
}

TEST(Median_interval, Does_not_heed_how_far_off_the_few_outside_are) {
  std::vector<double> values = one_to(15);
  values[14] = 1e9;
  values[0] = -1e9;
  Interval interval = median_interval(values);
  EXPECT_EQ(interval.low, 4);
  EXPECT_EQ(interval.high, 12);
}

TEST(Median_interval, Holds_the_median_in_95_of_100_samples) {
  std::mt19937 random(7);  // seeded: the same samples every time
  std::exponential_distribution<double> skewed(1);
  int held = 0;
  for (int i = 0; i < 4000; ++i) {
    std::vector<double> sample(15);
    for (double& value : sample) value = skewed(random);
    Interval interval = median_interval(sample);
    held += interval.low <= std::log(2.0) && std::log(2.0) <= interval.high;
  }
  EXPECT_GT(held, 4000 * 95 / 100);  // 96.5% are due
  EXPECT_LT(held, 4000 * 98 / 100);
}

}  // namespace
}  // namespace ffi_cts::bench
