// The second C header of a library: a small CBOR writer and reader, and an encoder for each request.
#pragma once

#include "reference/bindgen/bindgen.hpp"

namespace ffi_cts::bindgen {

File cbor_header(const Model& model);

// The C headers in embedded/, as text.
extern const std::string_view embedded_cbor;

}  // namespace ffi_cts::bindgen
