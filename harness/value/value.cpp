#include "harness/value/value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace ffi_cts {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

// The length of the UTF-8 sequence at the front of `text`, 0 if there is none (RFC 3629: no surrogates, nothing overlong).
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto follows = [&](std::size_t i, unsigned low, unsigned high) {
    return i < text.size() && byte(i) >= low && byte(i) <= high;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return follows(1, 0x80, 0xbf) ? 2 : 0;
  if (lead < 0xf0) {
    const unsigned low = lead == 0xe0 ? 0xa0 : 0x80, high = lead == 0xed ? 0x9f : 0xbf;
    return follows(1, low, high) && follows(2, 0x80, 0xbf) ? 3 : 0;
  }
  const unsigned low = lead == 0xf0 ? 0x90 : 0x80, high = lead == 0xf4 ? 0x8f : 0xbf;
  return follows(1, low, high) && follows(2, 0x80, 0xbf) && follows(3, 0x80, 0xbf) ? 4 : 0;
}

struct Printer {
  std::string& out;
  std::size_t longest;

  void hex(unsigned char byte) const {
    out += hex_digits[byte >> 4];
    out += hex_digits[byte & 15];
  }

  void operator()(Nil) const { out += "null"; }
  void operator()(bool truth) const { out += truth ? "true" : "false"; }
  void operator()(std::uint64_t number) const { out += std::to_string(number); }
  void operator()(std::int64_t number) const { out += std::to_string(number); }

  void operator()(double number) const {
    if (std::isnan(number)) out += "NaN";
    else if (std::isinf(number)) out += number < 0 ? "-Infinity" : "Infinity";
    else {
      std::array<char, 32> digits;
      const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
      const std::string_view text(digits.data(), static_cast<std::size_t>(end - digits.data()));
      out += text;
      if (text.find_first_of(".e") == std::string_view::npos) out += ".0";  // 1.0 must not read like the integer
    }
  }

  void operator()(const std::string& text) const {
    out += '"';
    std::size_t i = 0;
    while (i < text.size()) {
      // Cut between characters only; a byte that is no UTF-8 is shown by its number.
      const std::size_t length = sequence_length(std::string_view(text).substr(i));
      if (i + std::max<std::size_t>(length, 1) > longest) break;
      if (length > 1) out.append(text, i, length);
      else character(static_cast<unsigned char>(text[i]), length == 1);
      i += std::max<std::size_t>(length, 1);
    }
    out += i < text.size() ? "…\"" : "\"";
    shortened(i < text.size(), text.size());
  }

  void character(unsigned char byte, bool valid) const {
    if (byte == '"' || byte == '\\') (out += '\\') += static_cast<char>(byte);
    else if (byte == '\n') out += "\\n";
    else if (valid && byte < 0x20) out += "\\u00", hex(byte);
    else if (!valid) out += "\\x", hex(byte);
    else out += static_cast<char>(byte);
  }

  void operator()(const Bytes& bytes) const {
    const std::size_t shown = std::min(bytes.size(), longest);
    out += "h'";
    for (std::size_t i = 0; i < shown; ++i) hex(bytes[i]);
    out += shown < bytes.size() ? "…'" : "'";
    shortened(shown < bytes.size(), bytes.size());
  }

  void shortened(bool is_shortened, std::size_t size) const {
    if (is_shortened) out += " (" + std::to_string(size) + " bytes)";
  }

  void operator()(const List& list) const {
    out += '[';
    for (const auto& item : list) {
      if (&item != &list.front()) out += ", ";
      std::visit(*this, item.data);
    }
    out += ']';
  }

  void operator()(const Map& map) const {
    out += '{';
    for (const auto& entry : map) {
      if (&entry != &map.front()) out += ", ";
      std::visit(*this, entry.first.data);
      out += ": ";
      std::visit(*this, entry.second.data);
    }
    out += '}';
  }
};

}  // namespace

std::optional<std::uint64_t> Value::uint() const {
  const auto* number = std::get_if<std::uint64_t>(&data);
  return number ? std::optional(*number) : std::nullopt;
}

const Value* Value::find(std::string_view key) const {
  const Map* entries = map();
  if (!entries) return nullptr;
  for (const auto& [name, value] : *entries) {
    if (name.text() && *name.text() == key) return &value;
  }
  return nullptr;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string to_text(const Value& value, std::size_t longest) {
  std::string out;
  std::visit(Printer{out, longest}, value.data);
  return out;
}

}  // namespace ffi_cts
