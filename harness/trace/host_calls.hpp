// Which request made which host call, and what its answers would bring. A part of the index.
#pragma once

#include <functional>

#include "harness/interface/template.hpp"
#include "harness/trace/trace.hpp"

namespace ffi_cts {

// Fills HostCall::request and Request::host_calls, and of the completions brings_reply and brings_error. Requests must
// have their expectations by then. `arguments`: what the placeholders of a call_host request stand for.
void link_host_calls(Trace& trace, const std::function<Arguments(const Request&)>& arguments,
                     const Interface& interface);

}  // namespace ffi_cts
