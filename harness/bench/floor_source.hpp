// The source of the floors, in sections that begin with a line "// --- name". Written by embed.cmake.
#pragma once

#include <string_view>

namespace ffi_cts::bench {

extern const std::string_view floor_source;

}  // namespace ffi_cts::bench
