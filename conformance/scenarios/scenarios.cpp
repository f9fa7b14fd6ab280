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

namespace {

std::uint32_t longest_chain(const std::vector<Step>& steps) {
  std::uint32_t longest = 0;
  for (const Step& step : steps) {
    if (step.verb == Verb::again) longest = std::max(longest, step.count);
    longest = std::max(longest, longest_chain(step.body));
  }
  return longest;
}

}  // namespace

std::vector<Scenario> all() {
  std::vector<Scenario> out;
  for (std::size_t i = 0; i < source_count; ++i) {
    try {
      out.push_back({sources[i].name, parse_program(sources[i].text)});
    } catch (const ProgramError& error) {
      throw ProgramError(std::string(sources[i].name) + ".program: " + error.what());
    }
  }
  // Last, so that what others show is known by then: those that wait for a destroy to give up take its limit, and a trace of
  // 100,000 requests takes seconds to judge.
  std::ranges::stable_partition(out, [](const Scenario& s) { return !has(features_of(s.program), Feature::hold) && longest_chain(s.program.steps) < 10'000; });
  std::ranges::move(each_proc_in_both_variants(), std::back_inserter(out));
  std::ranges::move(hostile_corpus(), std::back_inserter(out));
  std::ranges::move(reentrancy_matrix(), std::back_inserter(out));
  std::ranges::move(teardown_sweep(), std::back_inserter(out));
  return out;
}

}  // namespace ffi_cts::scenarios
