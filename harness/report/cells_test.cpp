// The tables whose cells are scenarios.
#include "harness/report/cells.hpp"

#include <gmock/gmock.h>

#include "harness/report/results.hpp"

namespace ffi_cts {
namespace {

using namespace spec::rule;

Scenario at(const std::string& row, const std::string& column) {
  return {row + column, {}, {"re-entrancy", row, column, {}}};
}

TEST(Cell_tables, show_what_came_about_what_was_broken_and_what_is_missing) {
  const std::vector<Scenario> scenarios = {at("reply: request", "in it"), at("reply: request", "during destroy"), at("event: remove", "in it"),
                                           at("event: remove", "during destroy"), at("progress: listen", "in it")};
  Result result = a_result({a_failure(EVT_9), a_rule(REQ_1, Status::unknown)});
  result.cells = {{&scenarios[0], true, 1, 1, {REQ_1}}, {&scenarios[1], true, 3, 0, {}}, {&scenarios[2], true, 1, 1, {EVT_9, REQ_1}},
                  {&scenarios[3], true, 0, 0, {}}, {&scenarios[4], false, 0, 0, {}}};
  EXPECT_EQ(cell_tables(result),
            "re-entrancy       in it  during destroy\n"
            "reply: request       ok               !\n"
            "event: remove     EVT-9               -\n"
            "progress: listen      .                \n"
            "re-entrancy: 2 of 4 cells came about\n");
}

TEST(Cell_tables, are_nothing_without_cells) { EXPECT_EQ(cell_tables(a_result({})), ""); }

}  // namespace
}  // namespace ffi_cts
