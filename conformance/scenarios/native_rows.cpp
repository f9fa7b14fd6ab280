// Rows for NAT-4, NAT-5 and NAT-7: a call in CBOR, the same natively in each form, and again in CBOR, one after the other.
#include <fmt/format.h>

#include "conformance/scenarios/cells.hpp"
#include "harness/program/text.hpp"

namespace ffi_cts::scenarios {
namespace {

constexpr std::size_t procs = 24, procs_of_one = 4;  // of a library with more, so many; and in one program
constexpr std::size_t sizes[] = {0, 3, 8};

Scenario scenario_of(std::size_t first) {
  std::string text = "A  c1 = create text(4,1)\nA  wait c1\n";
  std::size_t r = 0;
  for (std::size_t proc = first; proc < first + procs_of_one; ++proc)
    for (const std::size_t size : sizes)
      for (const char* form : {"", " native", " native(nulls)", " native(bools)", " native(absents)", ""})
        text += fmt::format("A  r{0} = request c1 proc({1}) item({2},{3}){4}\nA  wait r{0}\n", ++r, proc, size, 2 * proc + size, form);
  return {fmt::format("NAT-4_rows_from_{:02}", first), parse_program(text)};
}

}  // namespace

std::vector<Scenario> native_rows() {
  std::vector<Scenario> out;
  for (std::size_t first = 0; first < procs; first += procs_of_one) out.push_back(scenario_of(first));
  return out;
}

}  // namespace ffi_cts::scenarios
