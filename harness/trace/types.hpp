// What the interface file says of the types of what a library delivers.
#pragma once

#include "harness/trace/trace.hpp"

namespace ffi_cts {

// Where the callback's item is not of its type (Callback::schema_mismatch). `step`: that of its request, else null.
std::optional<std::string> type_mismatch(const Callback& callback, const Step* step, const Interface& interface);

}  // namespace ffi_cts
