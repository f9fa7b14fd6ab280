// Just enough CBOR to look into the probe's own requests and to write its replies.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace faulty {

// The head of an item inside some bytes: where it begins and ends, its major type and its number.
struct Head {
  std::size_t begin = 0, end = 0;
  unsigned major = 0;
  std::uint64_t number = 0;
};

// nullopt: cut off, reserved or indefinite.
inline std::optional<Head> head_at(std::string_view bytes, std::size_t at) {
  if (at >= bytes.size()) return std::nullopt;
  const unsigned first = static_cast<unsigned char>(bytes[at]);
  const unsigned info = first & 31;
  if (info < 24) return Head{at, at + 1, first >> 5, info};
  if (info > 27) return std::nullopt;
  const std::size_t size = std::size_t{1} << (info - 24);
  if (bytes.size() - at - 1 < size) return std::nullopt;
  std::uint64_t number = 0;
  for (std::size_t i = 1; i <= size; ++i) number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return Head{at, at + 1 + size, first >> 5, number};
}

inline std::string head(unsigned major, std::uint64_t number) {
  const int size = number < 24 ? 0 : number < 0x100 ? 1 : number < 0x10000 ? 2 : number < 0x100000000 ? 4 : 8;
  const unsigned info = size == 0   ? static_cast<unsigned>(number)
                        : size == 1 ? 24
                        : size == 2 ? 25
                        : size == 4 ? 26
                                    : 27;
  std::string bytes(1, static_cast<char>(major << 5 | info));
  for (int i = size; i-- > 0;) bytes += static_cast<char>(number >> (8 * i));
  return bytes;
}
inline std::string text_item(std::string_view text) {
  return head(3, text.size()) + std::string(text);
}

// The head of the value that stands after `key` in a well-formed request of the probe.
inline std::optional<Head> value_of(std::string_view request, std::string_view key) {
  const std::string item = text_item(key);
  const std::size_t at = request.find(item);
  return at == std::string_view::npos ? std::nullopt : head_at(request, at + item.size());
}
inline std::optional<std::uint64_t> number_of(std::string_view request, std::string_view key) {
  const auto value = value_of(request, key);
  return value && value->major == 0 ? std::optional(value->number) : std::nullopt;
}
inline std::optional<std::string_view> text_of(std::string_view request, std::string_view key) {
  const auto value = value_of(request, key);
  if (!value || value->major != 3 || request.size() - value->end < value->number) return std::nullopt;
  return request.substr(value->end, value->number);
}

// The same request with another item in place of what stands from `begin` to `end`.
inline std::string with(std::string_view request, std::size_t begin, std::size_t end, std::string_view item) {
  return std::string(request.substr(0, begin)) + std::string(item) + std::string(request.substr(end));
}

}  // namespace faulty
