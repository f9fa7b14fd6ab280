// Structs of one name in several libraries: a C header lets its user put the library's name before them.
#pragma once

#include <string>

#include "reference/bindgen/model.hpp"

namespace ffi_cts::bindgen {

// What stands before and behind the declarations of a header that names structs.
std::string prefixed_names(const Model& model);
std::string prefixed_names_end(const Model& model);

}  // namespace ffi_cts::bindgen
