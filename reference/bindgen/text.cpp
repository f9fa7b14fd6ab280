#include "reference/bindgen/text.hpp"

#include <algorithm>
#include <cctype>

namespace ffi_cts::bindgen {

std::string wrapped(std::string_view text, std::string_view separator, const std::string& indent, std::size_t used) {
  const std::string at = std::string(separator) + " ";
  std::string out;
  for (bool first = true; !text.empty(); first = false) {
    const std::size_t end = text.find(at);
    const std::string_view piece = text.substr(0, end == std::string_view::npos ? end : end + separator.size());
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + at.size());
    const bool fits = used + 1 + piece.size() <= text_width;
    if (!first) out += fits ? " " : "\n" + indent;
    used = (first || fits ? used + 1 : indent.size()) + piece.size();
    out += piece;
  }
  return out;
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

}  // namespace ffi_cts::bindgen
