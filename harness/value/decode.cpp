// libcbor's streaming decoder reads the heads; the tree, its limits and UTF-8 are ours. Its cbor_load is never used: it
// allocates what a head declares, so that nine bytes make it touch 764 MB.
#include <algorithm>
#include <array>
#include <type_traits>

#include <cbor.h>

#include "harness/value/value.hpp"

namespace ffi_cts {
namespace {

constexpr int deepest = 256;
// Lists nest, so reserving what each declares would add up. Growing from here on costs little.
constexpr std::size_t reserve_limit = 16;

// What one head says; filled by libcbor's callbacks.
struct Item {
  enum class Kind { number, bytes, text, bytes_start, text_start, list, list_start, map, map_start, end } kind{};
  Value scalar;
  const std::uint8_t* data = nullptr;
  std::size_t size = 0;  // of a string, or the declared number of items
};

using Kind = Item::Kind;

void put_scalar(void* item, Value value) {
  static_cast<Item*>(item)->kind = Kind::number;
  static_cast<Item*>(item)->scalar = std::move(value);
}
template <typename T>
void put_uint(void* item, T number) {
  put_scalar(item, static_cast<std::uint64_t>(number));
}
template <typename T>
void put_negative(void* item, T number) {
  const auto minus_one_minus = static_cast<std::uint64_t>(number);
  if (minus_one_minus <= static_cast<std::uint64_t>(INT64_MAX))
    put_scalar(item, -1 - static_cast<std::int64_t>(minus_one_minus));
  else  // below -2^63 there is no integer type left; the item is legal all the same
    put_scalar(item, -1.0 - static_cast<double>(minus_one_minus));
}
template <Kind kind>
void put_string(void* item, cbor_data data, std::size_t size) {
  auto& out = *static_cast<Item*>(item);
  out.kind = kind;
  out.data = data;
  out.size = size;
}
template <Kind kind>
void put_count(void* item, std::size_t count) {
  static_cast<Item*>(item)->kind = kind;
  static_cast<Item*>(item)->size = count;
}
template <Kind kind>
void put_mark(void* item) {
  static_cast<Item*>(item)->kind = kind;
}

const cbor_callbacks callbacks = {
    .uint8 = put_uint<std::uint8_t>,
    .uint16 = put_uint<std::uint16_t>,
    .uint32 = put_uint<std::uint32_t>,
    .uint64 = put_uint<std::uint64_t>,
    .negint64 = put_negative<std::uint64_t>,
    .negint32 = put_negative<std::uint32_t>,
    .negint16 = put_negative<std::uint16_t>,
    .negint8 = put_negative<std::uint8_t>,
    .byte_string_start = put_mark<Kind::bytes_start>,
    .byte_string = put_string<Kind::bytes>,
    .string = put_string<Kind::text>,
    .string_start = put_mark<Kind::text_start>,
    .indef_array_start = put_mark<Kind::list_start>,
    .array_start = put_count<Kind::list>,
    .indef_map_start = put_mark<Kind::map_start>,
    .map_start = put_count<Kind::map>,
    .tag = [](void*, std::uint64_t) {},  // read by skip_tags
    .float2 = [](void* item, float number) { put_scalar(item, static_cast<double>(number)); },
    .float4 = [](void* item, float number) { put_scalar(item, static_cast<double>(number)); },
    .float8 = [](void* item, double number) { put_scalar(item, number); },
    .undefined = [](void* item) { put_scalar(item, Nil{}); },
    .null = [](void* item) { put_scalar(item, Nil{}); },
    .boolean = [](void* item, bool truth) { put_scalar(item, truth); },
    .indef_break = put_mark<Kind::end>,
};

const char* major_name(std::uint8_t head) {
  constexpr std::array names = {"an integer", "an integer", "a byte string", "a text string",
                                "a list",     "a map",      "a tag",         "a float or simple value"};
  return names[head >> 5];
}

class Decoder {
 public:
  explicit Decoder(ByteView bytes) : bytes_(bytes) {}

  Decoded run() {
    Value value;
    if (!read_value(value, 0)) return {std::nullopt, std::move(error_)};
    if (left() > 0) {
      fail(std::to_string(left()) + (left() == 1 ? " byte follows" : " bytes follow") + " the item");
      return {std::nullopt, std::move(error_)};
    }
    return {std::move(value), std::nullopt};
  }

 private:
  std::size_t left() const { return bytes_.size() - at_; }
  bool fail(std::string what) { return fail_at(at_, std::move(what)); }
  bool fail_at(std::size_t offset, std::string what) {
    error_ = DecodeError{offset, std::move(what)};
    return false;
  }

  // libcbor 0.8 refuses the tags 6 to 20 and the simple values without a meaning, all of which are well-formed. These
  // two read them.
  bool skip_tags() {
    while (left() > 0 && bytes_[at_] >> 5 == 6) {
      const unsigned info = bytes_[at_] & 31u;
      if (info > 27) return fail("reserved byte in the head of a tag");
      const std::size_t head = info < 24 ? 1 : 1 + (std::size_t{1} << (info - 24));
      if (left() < head) return fail_at(bytes_.size(), "ends inside a tag");
      at_ += head;
    }
    return true;
  }
  bool read_simple(Item& item, bool& read) {
    const std::uint8_t head = bytes_[at_];
    read = (head >= 0xe0 && head <= 0xf3) || head == 0xf8;
    if (!read) return true;
    if (head == 0xf8 && left() < 2) return fail_at(bytes_.size(), "ends inside a float or simple value");
    if (head == 0xf8 && bytes_[at_ + 1] < 32) return fail_at(at_ + 1, "simple value below 32 in two bytes");
    put_scalar(&item, Nil{});
    at_ += head == 0xf8 ? 2 : 1;
    return true;
  }

  bool read_item(Item& item) {
    bool done = false;
    if (left() == 0) return fail(at_ == 0 ? "no item: the payload is empty" : "ends where an item is expected");
    if (!read_simple(item, done)) return false;
    if (done) return true;
    const std::uint8_t head = bytes_[at_];
    const auto result = cbor_stream_decode(bytes_.data() + at_, left(), &callbacks, &item);
    if (result.status == CBOR_DECODER_NEDATA)
      return fail_at(bytes_.size(), std::string("ends inside ") + major_name(head));
    if (result.status != CBOR_DECODER_FINISHED)
      return fail(std::string("reserved byte in the head of ") + major_name(head));
    at_ += result.read;
    return true;
  }

  bool read_value(Value& out, int depth) {
    if (!skip_tags()) return false;
    const std::size_t start = at_;
    Item item;
    if (!read_item(item)) return false;
    switch (item.kind) {
      case Kind::number: out = std::move(item.scalar); return true;
      case Kind::bytes: out.data.emplace<Bytes>(item.data, item.data + item.size); return true;
      case Kind::text: return read_text(out.data.emplace<std::string>(), item, start);
      case Kind::bytes_start: return read_chunks(out.data.emplace<Bytes>());
      case Kind::text_start: return read_chunks(out.data.emplace<std::string>());
      case Kind::end: return fail_at(start, "break outside an item of indefinite length");
      default: break;
    }
    if (depth == deepest) return fail_at(start, "nested deeper than 256");
    const bool counted = item.kind == Kind::list || item.kind == Kind::map;
    const bool is_list = item.kind == Kind::list || item.kind == Kind::list_start;
    if (counted && item.size > left() / (is_list ? 1 : 2))  // every item takes a byte: fail before any work
      return fail_at(bytes_.size(), std::string("ends inside ") + (is_list ? "a list of " : "a map of ") +
                                        std::to_string(item.size));
    return is_list ? read_list(out.data.emplace<List>(), counted, item.size, depth + 1)
                   : read_map(out.data.emplace<Map>(), counted, item.size, depth + 1);
  }

  bool read_text(std::string& out, const Item& item, std::size_t start) {
    const std::string_view text(reinterpret_cast<const char*>(item.data), item.size);
    if (!is_utf8(text)) return fail_at(start, "text string is not UTF-8");
    out.append(text);
    return true;
  }

  // A string in chunks of definite length. Each chunk of text must be UTF-8 by itself (RFC 8949 §3.2.3).
  template <typename String>
  bool read_chunks(String& out) {
    constexpr bool is_text = std::is_same_v<String, std::string>;
    for (;;) {
      const std::size_t start = at_;
      Item chunk;
      if (left() == 0) return fail(is_text ? "ends inside a text string" : "ends inside a byte string");
      if (!read_item(chunk)) return false;
      if (chunk.kind == Kind::end) return true;
      if (chunk.kind != (is_text ? Kind::text : Kind::bytes))
        return fail_at(start, is_text ? "chunk of a text string is something else"
                                      : "chunk of a byte string is something else");
      if constexpr (is_text) {
        if (!read_text(out, chunk, start)) return false;
      } else {
        out.insert(out.end(), chunk.data, chunk.data + chunk.size);
      }
    }
  }

  bool at_break() {
    if (left() == 0 || bytes_[at_] != 0xff) return false;
    ++at_;
    return true;
  }

  bool read_list(List& out, bool counted, std::size_t count, int depth) {
    if (counted) out.reserve(std::min(count, reserve_limit));
    for (std::size_t i = 0; counted ? i < count : !at_break(); ++i) {
      if (!read_value(out.emplace_back(), depth)) return false;
    }
    return true;
  }

  bool read_map(Map& out, bool counted, std::size_t count, int depth) {
    if (counted) out.reserve(std::min(count, reserve_limit));
    for (std::size_t i = 0; counted ? i < count : !at_break(); ++i) {
      auto& entry = out.emplace_back();
      if (!read_value(entry.first, depth) || !read_value(entry.second, depth)) return false;
    }
    return true;
  }

  ByteView bytes_;
  std::size_t at_ = 0;
  std::optional<DecodeError> error_;
};

}  // namespace

Decoded decode(ByteView bytes) { return Decoder(bytes).run(); }

}  // namespace ffi_cts
