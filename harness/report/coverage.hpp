// --coverage: the calls that a run made, as a table, and the goals that it missed.
#pragma once

#include <string>

#include "harness/engine/result.hpp"

namespace ffi_cts {

// Rows: the callback that the call was made in, the thread, the call. Columns: the state of its context. A number with
// an exclamation mark is a goal that was missed, a dot what was neither made nor due. Ends with a line feed.
std::string coverage_table(const Result& result);

// "complete inside event, library thread, context live"
std::string in_words(const CoverageCell& cell);

}  // namespace ffi_cts
