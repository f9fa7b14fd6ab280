// The language "c": the header of a library.
#pragma once

#include "reference/bindgen/bindgen.hpp"

namespace ffi_cts::bindgen {

std::vector<File> emit_c(const Model& model);

}  // namespace ffi_cts::bindgen
