// The hostile corpus: each of its requests to every kind of proc, and to the constructor.
#include <fmt/format.h>

#include <algorithm>

#include "conformance/scenarios/cells.hpp"
#include "harness/program/hostile.hpp"
#include "harness/program/text.hpp"

namespace ffi_cts::scenarios {
namespace {

constexpr std::size_t short_bytes = 4096;  // what is longer stands apart: beside it the memory for the others would not show
constexpr std::size_t short_ones = 24, long_ones = 4;  // requests in one program

// Procs that no role plays may do anything to their context, so they have one of their own. On the other an echo must go on to work.
Scenario scenario_of(std::size_t number, const std::vector<std::size_t>& requests) {
  std::string text = "program fresh_process\nA  c1 = create text(4,1)\nA  c2 = create text(4,2)\nA  r1 = request c1 echo text(16,1)\nA  wait all\n";
  std::size_t r = 1, c = 2;
  for (std::size_t request : requests) {
    const std::size_t under_its_key = request + hostile_count();
    text += fmt::format("A  r{} = request c1 echo text(0,{}) !hostile\n", ++r, request);
    for (std::size_t proc = 0; proc < most_procs; ++proc) text += fmt::format("A  r{} = request c2 proc({}) text(0,{}) !hostile\n", ++r, request + proc, under_its_key);
    text += fmt::format("A  c{} = create text(0,{}) !hostile\n", ++c, under_its_key);
  }
  text += fmt::format("A  wait all\nA  r{} = request c1 echo text(16,2)\nA  wait all\n", ++r);
  return {fmt::format("PAY-12_corpus_{:02}", number), parse_program(text)};
}

}  // namespace

std::vector<Scenario> hostile_corpus() {
  std::vector<std::size_t> kinds[2];
  for (std::size_t i = 0; i < hostile_count(); ++i)
    kinds[i < hostile_forms().size() && bytes_of(hostile_forms()[i]).size() > short_bytes].push_back(i);
  std::vector<Scenario> out;
  for (const auto& kind : kinds) {
    const std::size_t most = &kind == kinds ? short_ones : long_ones;
    for (std::size_t i = 0; i < kind.size(); i += most)
      out.push_back(scenario_of(out.size() + 1, {kind.begin() + static_cast<std::ptrdiff_t>(i), kind.begin() + static_cast<std::ptrdiff_t>(std::min(i + most, kind.size()))}));
  }
  return out;
}

}  // namespace ffi_cts::scenarios
