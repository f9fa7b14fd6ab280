// The events of a trace in words, with the names that the program gives its objects.
#pragma once

#include <string>
#include <vector>

#include "harness/trace/verdict.hpp"

namespace ffi_cts {

// "A" … "D" for the host's threads; "loop" for the library's, "loop 2" where it has several.
std::string thread_name(const Trace& trace, std::uint32_t thread);

// "request r1 (echo)", "remove l1", "destroy c1"
std::string in_words(const Call& call);

// The events that prove the verdict, eight at most, in their order: "#13 loop  l1 enters \"tick\"". Where the proof
// says little (none at all, or only where a crash or hang began) the last events stand beside it.
std::vector<std::string> proving_events(const Trace& trace, const Verdict& verdict);

}  // namespace ffi_cts
