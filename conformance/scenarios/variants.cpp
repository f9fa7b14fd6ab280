// Each proc in both variants.
#include <fmt/format.h>

#include "conformance/scenarios/cells.hpp"
#include "harness/program/text.hpp"

namespace ffi_cts::scenarios {
namespace {

// One call after the other with the same arguments: in CBOR, natively in each form, in CBOR. First with the least arguments, in
// which all that may be absent is.
Scenario scenario_of(std::size_t proc) {
  std::string text = "A  c1 = create text(4,1)\nA  wait c1\n";
  std::size_t r = 0;
  for (const char* item : {"item(0,0)", "item(8,1)"})
    for (const char* variant : {"", " native", " native(nulls)", " native(bools)", " native(absents)", ""}) {
      ++r;
      text += fmt::format("A  r{} = request c1 proc({}) {}{}\nA  wait r{}\n", r, proc, item, variant, r);
    }
  return {fmt::format("NAT-4_proc_{}_in_both_variants", proc), parse_program(text)};
}

}  // namespace

std::vector<Scenario> each_proc_in_both_variants() {
  std::vector<Scenario> out;
  for (std::size_t proc = 0; proc < most_procs; ++proc) out.push_back(scenario_of(proc));
  return out;
}

}  // namespace ffi_cts::scenarios
