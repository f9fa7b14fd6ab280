// The conventions that stand first in a library's C header: ownership, lifetimes, results, threads.
#pragma once

#include <string>

#include "reference/bindgen/model.hpp"

namespace ffi_cts::bindgen {

std::string conventions(const Model& model);  // a comment

}  // namespace ffi_cts::bindgen
