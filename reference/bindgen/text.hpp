// Small helpers for writing text.
#pragma once

#include <string>
#include <string_view>

namespace ffi_cts::bindgen {

constexpr std::size_t text_width = 118;

// Breaks the text into lines behind `separator` ("," or "" for words), all but the first beginning with `indent`. `used`: how
// much of the first line is taken already.
std::string wrapped(std::string_view text, std::string_view separator, const std::string& indent, std::size_t used = 0);

// "my_timer" as "MY_TIMER".
std::string upper(std::string text);

}  // namespace ffi_cts::bindgen
