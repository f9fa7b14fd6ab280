// The stacks of a process that no longer moves, taken from outside: its threads may block every signal.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/trace/trace.hpp"

namespace ffi_cts {

// Of all threads, or of `only` (if not 0). `names`: what the trace calls them. Empty where the system forbids it.
std::vector<Stack> stacks_of(int pid, const std::map<int, std::string>& names, int only = 0);

}  // namespace ffi_cts
