// Failures that are known: the file of --expect, and what becomes of its entries in a run.
//
//   [[expect]]
//   rule    = "EVT-9"
//   message = "did not return"              # optional: a part of what the report shows as seen
//   reason  = "remove waits for the loop"
//   link    = "https://example.org/issues/12"  # optional
//   until   = 2026-12-31                    # optional: the last day on which it may be so
#pragma once

#include <string>
#include <vector>

#include "harness/engine/result.hpp"

namespace ffi_cts {

// Throws InterfaceError "file:line: key: what" on anything that is not as above: a rule that the spec lacks, an unknown
// key, a date that the calendar lacks, the same rule and message twice.
std::vector<Expectation> load_expectations(const std::string& file);

// Puts the expectations into the result and says of each what became of it; marks the rules that are broken as
// expected. A rule that only follows from such a one is so, too. `asked`: the ids and chapters that the run was to
// judge, all when empty. `today`: as 2026-12-31.
void apply(std::vector<Expectation> expectations, const std::vector<std::string>& asked, const std::string& today,
           Result& result);

// The day it is, by UTC.
std::string today_in_utc();

// An unexpected pass, a stale or an expired entry: it has to be mended, and the run fails.
bool fails_the_run(const Expectation& expectation);
std::string_view to_string(Expectation::Outcome outcome);  // "as expected", "unexpected pass", …
// What is to be said of an entry that fails the run or is broken otherwise than expected; empty for the others.
std::string complaint(const Expectation& expectation, const Result& result);
// "remove waits for the loop; https://example.org/issues/12; until 2026-12-31"
std::string grounds(const Expectation& expectation);
// An entry says that the rule is broken, and it was not exercised or stayed unknown: that leaves nothing open.
bool is_excused(const RuleResult& rule, const Result& result);
// The entry that this rule's breach made true; null where it only follows from another that is expected.
const Expectation* expectation_of(const RuleResult& rule, const Result& result);

}  // namespace ffi_cts
