// One tree for every payload: requests, replies, events, patterns, frames on the worker link.
// CBOR (RFC 8949) is read and written here and nowhere else in the harness.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ffi_cts {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

struct Value;
struct Nil {
  bool operator==(const Nil&) const = default;
};
using List = std::vector<Value>;
using Map = std::vector<std::pair<Value, Value>>;  // in the order written; duplicate keys are kept

// A CBOR item. Non-negative integers are uint64_t, negative ones int64_t, so that each number has one form.
// `undefined` and simple values other than true, false and null decode to Nil; tags are dropped.
struct Value {
  std::variant<Nil, bool, std::uint64_t, std::int64_t, double, std::string, Bytes, List, Map> data;

  Value() = default;
  Value(Nil) {}
  Value(bool b) : data(b) {}
  Value(int i) : Value(static_cast<std::int64_t>(i)) {}
  Value(std::int64_t i) {
    if (i < 0) data = i;
    else data = static_cast<std::uint64_t>(i);
  }
  Value(std::uint64_t u) : data(u) {}
  Value(double d) : data(d) {}
  Value(const char* s) : data(std::string(s)) {}
  Value(std::string_view s) : data(std::string(s)) {}
  Value(std::string s) : data(std::move(s)) {}
  Value(Bytes b) : data(std::move(b)) {}
  Value(List l) : data(std::move(l)) {}
  Value(Map m) : data(std::move(m)) {}

  bool operator==(const Value&) const = default;

  bool is_nil() const { return std::holds_alternative<Nil>(data); }
  const std::string* text() const { return std::get_if<std::string>(&data); }
  const Bytes* bytes() const { return std::get_if<Bytes>(&data); }
  const List* list() const { return std::get_if<List>(&data); }
  const Map* map() const { return std::get_if<Map>(&data); }
  std::optional<std::uint64_t> uint() const;
  // The member of a map with that text key (the first one), or nullptr.
  const Value* find(std::string_view key) const;
};

// Preferred (shortest) encoding, definite lengths.
Bytes encode(const Value& value);
void encode_to(Bytes& out, const Value& value);

struct DecodeError {
  std::size_t offset;  // of the byte that could not be read
  std::string what;    // "ends inside a text string", "3 bytes follow the item", …
};
struct Decoded {
  std::optional<Value> value;  // present on success
  std::optional<DecodeError> error;
  explicit operator bool() const { return value.has_value(); }
};

// Exactly one well-formed item and nothing after it. Text must be UTF-8. Memory stays in proportion to the input;
// nesting deeper than 256 is an error.
Decoded decode(ByteView bytes);

// Diagnostic notation (RFC 8949 §8), for people; long texts and byte strings are shortened with their length.
std::string to_text(const Value& value, std::size_t longest = 60);

bool is_utf8(std::string_view text);

}  // namespace ffi_cts
