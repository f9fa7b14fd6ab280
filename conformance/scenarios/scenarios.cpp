#include "conformance/scenarios/scenarios.hpp"

#include <algorithm>
#include <iterator>

#include "conformance/scenarios/cells.hpp"
#include "harness/generate/features.hpp"
#include "harness/program/text.hpp"

namespace ffi_cts::scenarios {

struct Source {
  const char* name;
  const char* text;
};
extern const Source sources[];  // made from the files by the build
extern const std::size_t source_count;

std::vector<Scenario> all() {
  std::vector<Scenario> out;
  for (std::size_t i = 0; i < source_count; ++i) {
    try {
      out.push_back({sources[i].name, parse_program(sources[i].text)});
    } catch (const ProgramError& error) {
      throw ProgramError(std::string(sources[i].name) + ".program: " + error.what());
    }
  }
  // Those that wait for a destroy to give up take its limit: last, so that what others show is known by then.
  std::stable_partition(out.begin(), out.end(), [](const Scenario& s) { return !has(features_of(s.program), Feature::hold); });
  std::ranges::move(reentrancy_matrix(), std::back_inserter(out));
  std::ranges::move(teardown_sweep(), std::back_inserter(out));
  return out;
}

}  // namespace ffi_cts::scenarios
