// Types as CDDL spells them, for comments.
#pragma once

#include <string>

#include "harness/schema/schema.hpp"

namespace ffi_cts::bindgen {

// "{ name: tstr, ? level: 0..9 }"; names of rules stay names.
std::string cddl_text(const schema::Type& type);

}  // namespace ffi_cts::bindgen
