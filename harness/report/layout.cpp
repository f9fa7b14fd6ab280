#include "harness/report/layout.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ffi_cts {
namespace {

// Columns that the text takes: UTF-8's continuation bytes take none.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace

std::string painted(std::string_view text, Color color, bool on) {
  constexpr int codes[] = {31, 33, 32, 1, 2};
  return on ? fmt::format("\x1b[{}m{}\x1b[0m", codes[static_cast<int>(color)], text) : std::string(text);
}

std::string printable(std::string_view text) {
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f)
      out += fmt::format("\\x{:02x}", byte);
    else
      out += c;
  }
  return out;
}

std::string shortened(std::string_view text, std::size_t longest) {
  if (text.size() <= longest) return std::string(text);
  while (longest > 0 && (text[longest] & 0xc0) == 0x80) --longest;
  return std::string(text.substr(0, longest)) + "…";
}

std::vector<std::string> wrapped(const std::vector<std::string>& items, std::string_view separator, std::size_t width) {
  std::vector<std::string> lines;
  for (const std::string& item : items) {
    if (lines.empty() || columns(lines.back()) + columns(separator) + columns(item) > width)
      lines.push_back(item);
    else
      lines.back() += std::string(separator) + item;
  }
  return lines;
}

std::string counted(std::size_t n, std::string_view what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

std::string joined(const std::vector<std::string>& items, std::string_view separator) {
  return fmt::format("{}", fmt::join(items, separator));
}

std::string labelled(std::string_view label, const std::vector<std::string>& lines) {
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) out += fmt::format("  {:<8}  {}\n", i == 0 ? label : "", lines[i]);
  return out;
}

}  // namespace ffi_cts
