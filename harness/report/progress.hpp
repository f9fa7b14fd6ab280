// The line that a terminal shows while a run goes on.
#pragma once

#include <cstdint>
#include <string>

#include "harness/engine/result.hpp"

namespace ffi_cts {

// What the run may take. Either may be too large to mean anything.
struct RunBudget {
  std::uint64_t cases = 0;
  double seconds = 0;
};

// "1234 of 10000 programs, 480/s, 2 rules broken, 18 s left"; "looking closer at EVT-9" instead of the time while it
// does that. At most `columns` long, unless that is 0.
std::string progress_line(const Result& result, RunBudget budget, std::size_t columns);

}  // namespace ffi_cts
