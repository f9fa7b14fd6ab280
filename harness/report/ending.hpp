// How a program ended that did not complete: the signal, the call that was running, where the threads stand.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/trace/trace.hpp"

namespace ffi_cts {

// "crash", "hang", "exit", "report"
std::string_view ending_label(const Ending& ending);
// Empty when it completed. `library` is the path of the library under test.
std::vector<std::string> ending_lines(const Trace& trace, std::string_view library);
// A thread each, at most six, those inside the library first.
std::vector<std::string> stack_lines(const Ending& ending, std::string_view library);

}  // namespace ffi_cts
