#include "harness/report/costs.hpp"

#include <gmock/gmock.h>

#include "harness/report/results.hpp"

namespace ffi_cts {
namespace {

using spec::rule::EVT_5, spec::rule::REQ_1, spec::rule::REQ_6;

TEST(Costs, are_listed_with_the_dearest_first_and_their_sum) {
  Result result;
  result.rules = {a_rule(REQ_1, Status::pass), a_rule(EVT_5, Status::pass), a_rule(REQ_6, Status::not_applicable)};
  result.cases = 1000;
  result.seconds = 10;
  result.rules[0].judged_s = 0.001;
  result.rules[1].judged_s = 0.25;
  EXPECT_EQ(cost_table(result),
            "judge       us a program  share of the run\n"
            "EVT-5             250.00              2.5%\n"
            "REQ-1               1.00              0.0%\n"
            "all               251.00              2.5%\n");
}

}  // namespace
}  // namespace ffi_cts
