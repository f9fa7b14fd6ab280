// The teardown sweep.
#include <fmt/format.h>

#include <array>

#include "conformance/scenarios/cells.hpp"
#include "harness/program/text.hpp"

namespace ffi_cts::scenarios {
namespace {

// Uses what an interface can have, leaves calls of the host and delays open, and does not wait on the way.
constexpr std::array<std::string_view, 14> base = {
    "c1 = create text(4,1)",
    "l1 = listen c1 event",
    "h1 = register c1",
    "r1 = request c1 echo text(16,1)",
    "r2 = request c1 delay text(16,2) 20ms",
    "r3 = request c1 emit text(16,3) #3",
    "r4 = request c1 call_host text(16,4)",
    "l2 = listen c1 *",
    "r5 = request c1 progress text(16,5)",
    "wait h1",
    "r6 = request c1 call_host text(16,6)",
    "complete h1.0 ok text(16,4)",
    "remove l1",
    "unregister c1",
};

constexpr std::array<std::string_view, 4> columns = {"main thread", "another thread", "its callback", "other's callback"};

// The destroy, as lines after the step. Another thread waits until the step before it is over, and no longer.
std::string destroy_lines(std::size_t column) {
  switch (column) {
    case 0: return "A  destroy c1\n";
    case 1: return "A  l9 = listen c1 other\nB  wait l9 #0\nB  destroy c1\n";
    case 2: return "A  r9 = request c1 empty { destroy c1 }\n";
    default: return "A  r9 = request c2 empty { destroy c1 }\n";
  }
}

Scenario scenario_of(std::size_t after, std::size_t column) {
  std::string text = "A  c2 = create text(4,2)\n";
  for (std::size_t i = 0; i < base.size(); ++i) {
    text += fmt::format("A  {}\n", base[i]);
    if (i == after) text += destroy_lines(column);
  }
  Scenario out;
  out.name = fmt::format("sweep: destroy after {} ({})", base[after], columns[column]);
  out.program = parse_program(text);
  out.cell = {"teardown", fmt::format("after {}", base[after]), std::string(columns[column]),
              [step = id_of_step(out.program, "destroy c1")](const Trace& trace) {
                for (const Call& call : trace.calls)
                  if (call.step == step && call.finished()) return true;
                return false;
              }};
  return out;
}

}  // namespace

std::vector<Scenario> teardown_sweep() {
  std::vector<Scenario> out;
  for (std::size_t after = 0; after < base.size(); ++after)
    for (std::size_t column = 0; column < columns.size(); ++column) out.push_back(scenario_of(after, column));
  return out;
}

}  // namespace ffi_cts::scenarios
