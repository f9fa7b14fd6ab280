// What a worker notes of a process that is one program's own, as it travels to the parent.
#pragma once

#include "harness/trace/loading.hpp"
#include "harness/value/value.hpp"

namespace ffi_cts {

Value to_value(const Loading& loading);
Loading loading_from(const Value& value);

}  // namespace ffi_cts
