#include <array>
#include <bit>
#include <cmath>

#include <cbor.h>

#include "harness/value/value.hpp"

namespace ffi_cts {
namespace {

// The half float with exactly this value, if there is one. (libcbor's own conversion rounds.)
std::optional<std::uint16_t> exact_half(float number) {
  const auto bits = std::bit_cast<std::uint32_t>(number);
  const std::uint32_t sign = bits >> 16 & 0x8000, fraction = bits & 0x7fffff;
  const int exponent = static_cast<int>(bits >> 23 & 0xff) - 127;
  if (std::isnan(number)) return 0x7e00;
  if (std::isinf(number)) return static_cast<std::uint16_t>(sign | 0x7c00);
  if (number == 0) return static_cast<std::uint16_t>(sign);
  if (exponent >= -14 && exponent <= 15 && (fraction & 0x1fff) == 0)
    return static_cast<std::uint16_t>(sign | static_cast<std::uint32_t>(exponent + 15) << 10 | fraction >> 13);
  if (exponent >= -24 && exponent < -14) {  // subnormal: the leading one becomes part of the fraction
    const std::uint32_t whole = fraction | 0x800000;
    const int shift = -1 - exponent;
    if ((whole & ((1u << shift) - 1)) == 0) return static_cast<std::uint16_t>(sign | whole >> shift);
  }
  return std::nullopt;
}

// Writes the heads that libcbor encodes: each takes at most nine bytes.
template <typename Number>
void put_head(Bytes& out, std::size_t (*encoder)(Number, unsigned char*, std::size_t), Number number) {
  std::array<unsigned char, 9> head;
  const std::size_t size = encoder(number, head.data(), head.size());
  out.insert(out.end(), head.begin(), head.begin() + static_cast<std::ptrdiff_t>(size));
}

struct Encoder {
  Bytes& out;

  void operator()(Nil) const { out.push_back(0xf6); }
  void operator()(bool truth) const { put_head(out, cbor_encode_bool, truth); }
  void operator()(std::uint64_t number) const { put_head(out, cbor_encode_uint, number); }
  void operator()(std::int64_t number) const {
    if (number < 0) put_head(out, cbor_encode_negint, static_cast<std::uint64_t>(-1 - number));
    else (*this)(static_cast<std::uint64_t>(number));
  }
  void operator()(double number) const {
    const auto single = static_cast<float>(number);
    if (static_cast<double>(single) != number && !std::isnan(number)) return put_head(out, cbor_encode_double, number);
    const auto half = exact_half(single);
    if (!half) return put_head(out, cbor_encode_single, single);
    out.insert(out.end(), {0xf9, static_cast<std::uint8_t>(*half >> 8), static_cast<std::uint8_t>(*half & 0xff)});
  }
  void operator()(const std::string& text) const {
    put_head(out, cbor_encode_string_start, text.size());
    out.insert(out.end(), text.begin(), text.end());
  }
  void operator()(const Bytes& bytes) const {
    put_head(out, cbor_encode_bytestring_start, bytes.size());
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  void operator()(const List& list) const {
    put_head(out, cbor_encode_array_start, list.size());
    for (const auto& item : list) std::visit(*this, item.data);
  }
  void operator()(const Map& map) const {
    put_head(out, cbor_encode_map_start, map.size());
    for (const auto& [key, value] : map) {
      std::visit(*this, key.data);
      std::visit(*this, value.data);
    }
  }
};

}  // namespace

void encode_to(Bytes& out, const Value& value) { std::visit(Encoder{out}, value.data); }

Bytes encode(const Value& value) {
  Bytes out;
  encode_to(out, value);
  return out;
}

}  // namespace ffi_cts
