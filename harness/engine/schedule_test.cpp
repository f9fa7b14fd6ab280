// When scenarios are due.
#include "harness/engine/schedule.hpp"

#include <gmock/gmock.h>

namespace ffi_cts {
namespace {

using testing::ElementsAre;

bool none(const Scenario&) { return false; }

// What is due as programs 1 to `n`; "" is a generated one.
std::vector<std::string> due(Schedule& schedule, std::uint64_t first, std::uint64_t last) {
  std::vector<std::string> out;
  for (std::uint64_t n = first; n <= last; ++n) {
    const Scenario* scenario = schedule.due(n, none);
    out.push_back(scenario ? scenario->name : "");
  }
  return out;
}

const std::set<std::string_view> all = {"EVT-1", "REQ-1"};
const std::vector<Scenario> scenarios = {
    {"EVT-1_ids", {}}, {"matrix", {}, {"re-entrancy", "row", "column", {}}}, {"REQ-1_one", {}}};

TEST(Schedule, every_third_program_is_a_scenario_those_of_rules_first) {
  Schedule schedule(scenarios, all);
  EXPECT_THAT(due(schedule, 1, 12), ElementsAre("", "", "EVT-1_ids", "", "", "REQ-1_one", "", "", "matrix", "", "", ""));
}

TEST(Schedule, those_of_the_rules_that_a_run_is_after_come_first) {
  Schedule schedule(scenarios, {"REQ-1"});
  EXPECT_THAT(due(schedule, 1, 6), ElementsAre("", "", "REQ-1_one", "", "", "EVT-1_ids"));
}

TEST(Schedule, what_is_left_out_is_not_due) {
  Schedule schedule(scenarios, all);
  auto left_out = [](const Scenario& s) { return s.name == "EVT-1_ids"; };
  EXPECT_EQ(schedule.due(3, left_out), &scenarios[2]);
}

TEST(Schedule, quick_ones_of_rules_come_again_once_all_of_them_are_through) {
  Schedule schedule(scenarios, all);
  schedule.ran(*schedule.due(3, none), {}, false);
  EXPECT_EQ(schedule.due(10, none), nullptr);
  schedule.ran(*schedule.due(12, none), {}, false);
  schedule.ran(*schedule.due(15, none), {}, false);
  EXPECT_THAT(due(schedule, 16, 40), testing::Contains("EVT-1_ids"));
  EXPECT_THAT(due(schedule, 16, 40), testing::Not(testing::Contains("matrix")));
}

TEST(Schedule, those_of_rules_that_a_run_is_not_after_do_not_come_again) {
  Schedule schedule(scenarios, {"REQ-1"});
  for (std::uint64_t n : {3, 6}) schedule.ran(*schedule.due(n, none), {}, false);
  EXPECT_THAT(due(schedule, 10, 40), testing::Contains("REQ-1_one"));
  EXPECT_THAT(due(schedule, 10, 40), testing::Not(testing::Contains("EVT-1_ids")));
}

TEST(Schedule, one_that_missed_what_it_is_for_comes_again_at_once_but_not_for_ever) {
  Schedule schedule(scenarios, all);
  int times = 0;
  for (const Scenario* scenario = schedule.due(3, none); scenario == &scenarios[0]; scenario = schedule.due(1, none), ++times)
    schedule.ran(*scenario, {}, true);
  EXPECT_EQ(times, 21);
}

TEST(Schedule, one_that_crashed_or_took_long_does_not_come_again) {
  Schedule schedule(scenarios, all);
  Trace crashed;
  crashed.ending.kind = EndKind::crashed;
  schedule.ran(scenarios[0], crashed, true);
  EXPECT_EQ(schedule.due(1, none), nullptr);
}

}  // namespace
}  // namespace ffi_cts
