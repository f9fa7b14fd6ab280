#include "harness/report/progress.hpp"

#include <gmock/gmock.h>

#include "harness/report/results.hpp"

namespace ffi_cts {
namespace {

using namespace spec::rule;

constexpr std::uint64_t no_end = ~std::uint64_t{0};

Result after(std::uint64_t cases, double seconds, std::vector<RuleResult> rules = {}) {
  Result result = a_result(std::move(rules));
  result.cases = cases;
  result.seconds = seconds;
  return result;
}

TEST(Progress, says_the_rate_what_is_broken_and_the_time_left) {
  Result result = after(1200, 2.5, {a_failure(EVT_9), a_failure(REQ_1), a_rule(EVT_5, Status::pass)});
  EXPECT_EQ(progress_line(result, {10'000, 60}, 0), "1200 of 10000 programs, 480/s, 2 rules broken, 19 s left");
}

TEST(Progress, ends_by_the_cases_or_by_the_clock_whichever_is_sooner) {
  EXPECT_EQ(progress_line(after(1000, 10), {10'000, 60}, 0), "1000 of 10000 programs, 100/s, 50 s left");
  EXPECT_EQ(progress_line(after(1000, 10), {2'000, 60}, 0), "1000 of 2000 programs, 100/s, 10 s left");
  EXPECT_EQ(progress_line(after(1000, 10), {100'000, 1e9}, 0), "1000 of 100000 programs, 100/s, 16 min 30 s left");
  EXPECT_EQ(progress_line(after(1, 10), {no_end, 30}, 0), "1 program, 0/s, 20 s left");
}

TEST(Progress, knows_no_time_before_there_is_a_rate_and_none_below_nothing) {
  EXPECT_EQ(progress_line(after(0, 0), {10, 1e9}, 0), "0 of 10 programs");
  EXPECT_EQ(progress_line(after(10, 61), {no_end, 60}, 0), "10 programs, 0/s, 0 s left");
  EXPECT_EQ(progress_line(after(12, 1), {10, 1e9}, 0), "12 of 10 programs, 12/s, 0 s left");
}

TEST(Progress, says_what_it_looks_closer_at) {
  Result result = after(100, 1);
  result.looking_at = EVT_9;
  EXPECT_EQ(progress_line(result, {10'000, 60}, 0), "100 of 10000 programs, 100/s, looking closer at EVT-9");
}

TEST(Progress, is_cut_to_the_width_of_the_terminal) {
  EXPECT_EQ(progress_line(after(1000, 10), {10'000, 60}, 12), "1000 of 1000");
}

}  // namespace
}  // namespace ffi_cts
