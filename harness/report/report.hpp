// What a run found, in words.
#pragma once

#include <string>
#include <vector>

#include "harness/engine/result.hpp"

namespace ffi_cts {

struct ReportStyle {
  bool color = false;
  bool quiet = false;  // failures, complaints of the self-check and of expectations, and the closing line only
};

// Ends with a line feed.
std::string terminal_report(const Result& result, const ReportStyle& style);

// The broken rules as the report shows them: breaches of their own first, those that never come without another's
// after it, MUST before SHOULD, then by the catalogue; rules that only follow from others last.
std::vector<const RuleResult*> failures_in_order(const Result& result);

// 0: all pass, or fail as expected (a broken SHOULD is a warning). 1: a MUST is broken; `strict`: or a SHOULD; or an
// expectation does not hold. 3: nothing of that, but rules are left unknown or not exercised, or the run was stopped.
int exit_code(const Result& result, bool strict);

// The self-check of a full run. What it names is a gap of the generator, unless programs had to be left out: then both
// are empty.
std::vector<spec::RuleId> never_exercised(const Result& result);  // though they apply
std::vector<CoverageCell> gaps(const Result& result);             // goals that were not reached

// pass, as expected, fail, warn (a broken SHOULD), not exercised, not applicable, unknown.
enum class Shown : std::uint8_t { pass, as_expected, fail, warn, not_exercised, not_applicable, unknown };
constexpr int shown_count = 7;
Shown shown(const RuleResult& rule);
const char* to_string(Shown shown);

}  // namespace ffi_cts
