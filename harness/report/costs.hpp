// --costs: what judging took.
#pragma once

#include <string>

#include "harness/engine/result.hpp"

namespace ffi_cts {

// A line for each rule that was judged, the dearest first: its judge's microseconds a program, and its share of the run's time. The
// last line has the sum. Judges run beside the library's process, which makes the next programs meanwhile.
std::string cost_table(const Result& result);

}  // namespace ffi_cts
