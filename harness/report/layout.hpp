// How the report looks: labelled lines, wrapped lists, colours.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ffi_cts {

enum class Color { red, yellow, green, bold, dim };
std::string painted(std::string_view text, Color color, bool on);

// Text of the library's, safe on a terminal: control characters as \xNN.
std::string printable(std::string_view text);
// At most so many bytes of it, whole characters, with "…" for the rest.
std::string shortened(std::string_view text, std::size_t longest);

// The items on as few lines as fit, `separator` between them.
std::vector<std::string> wrapped(const std::vector<std::string>& items, std::string_view separator, std::size_t width);

// "1 program", "3 programs".
std::string counted(std::size_t n, std::string_view what);
std::string joined(const std::vector<std::string>& items, std::string_view separator);

// Lines under a label, "  expected  it returns"; the lines after the first are aligned with it. No lines: nothing.
std::string labelled(std::string_view label, const std::vector<std::string>& lines);

}  // namespace ffi_cts
