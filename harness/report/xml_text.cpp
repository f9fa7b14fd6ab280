// What a library says may be any bytes; XML 1.0 takes only some characters.
#include <cstdint>

#include "harness/report/junit.hpp"

namespace ffi_cts {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

struct Character {
  std::uint32_t code = 0;
  std::size_t size = 0;  // 0: no UTF-8 begins here
};

// The smallest code that needs so many bytes: a longer form of a smaller one is no UTF-8.
constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

Character first_of(std::string_view text) {
  auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {lead, 1};
  std::size_t size = lead >= 0xf0 && lead < 0xf8   ? 4
                     : lead >= 0xe0 && lead < 0xf0 ? 3
                     : lead >= 0xc0 && lead < 0xe0 ? 2
                                                   : 0;
  if (size == 0 || text.size() < size) return {};
  std::uint32_t code = lead & (0xffu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0) != 0x80) return {};
    code = code << 6 | (byte & 0x3fu);
  }
  if (code < least[size]) return {};
  return {code, size};
}

// The production Char of XML 1.0.
bool is_xml(std::uint32_t code) {
  return code == 0x9 || code == 0xa || code == 0xd || (code >= 0x20 && code < 0xd800) ||
         (code >= 0xe000 && code < 0xfffe) || (code >= 0x10000 && code < 0x110000);
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    Character c = first_of(text);
    if (c.size && is_xml(c.code))
      out += text.substr(0, c.size);
    else
      out += replacement;
    text.remove_prefix(c.size ? c.size : 1);
  }
  return out;
}

}  // namespace ffi_cts
