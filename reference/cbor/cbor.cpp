#include "reference/cbor/cbor.hpp"

#include <cbor.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

namespace ffi_cts::cbor {
namespace {

constexpr std::size_t longest_head = 9;

// Length of the well-formed UTF-8 sequence that starts here; 0: there is none (overlong and surrogates included).
std::size_t utf8_sequence(std::string_view text) {
  const auto at = [text](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto follows = [&at](std::size_t i) { return (at(i) & 0xc0U) == 0x80; };
  const unsigned first = at(0), second = at(1);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const bool bad = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f);
    return !bad && follows(1) && follows(2) ? 3 : 0;
  }
  if (first < 0xf0 || first > 0xf4) return 0;
  const bool bad = (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
  return !bad && follows(1) && follows(2) && follows(3) ? 4 : 0;
}

// Nearly all text is ASCII, and so can be looked at a word at a time, and the rest of one.
constexpr std::size_t word_size = sizeof(std::uint64_t);

bool begins_with_ascii_word(std::string_view text) {
  std::uint64_t word = 0;
  if (text.size() >= word_size) {
    std::memcpy(&word, text.data(), word_size);
  } else {
    for (const char c : text) word |= static_cast<unsigned char>(c);
  }
  return (word & 0x8080808080808080U) == 0;
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    if (begins_with_ascii_word(text)) {
      text.remove_prefix(std::min(text.size(), word_size));
      continue;
    }
    const std::size_t length = utf8_sequence(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

// --- Writer -------------------------------------------------------------------------------------------------------

void Writer::grow(std::size_t more) {
  auto& [memory, size] = written_;
  // Room for a few short fields after a long one: they need not double it.
  const std::size_t capacity = std::max({std::size_t{128}, capacity_ * 2, size + more + 64});
  void* const grown = std::realloc(memory.get(), capacity);
  if (grown == nullptr) throw std::bad_alloc();
  static_cast<void>(memory.release());
  memory.reset(static_cast<std::uint8_t*>(grown));
  capacity_ = capacity;
}

std::uint8_t* Writer::room_for(std::size_t more) {
  if (more > capacity_ - written_.size) grow(more);
  return written_.memory.get() + written_.size;
}

// The first byte holds numbers below 24, and so nearly all that occur; the others are libcbor's business.
template <class Number>
void Writer::head(MajorType type, Number number, std::size_t (*encode)(Number, unsigned char*, std::size_t)) {
  std::uint8_t* const place = room_for(longest_head);
  if (number <= longest_short) {
    *place = static_cast<std::uint8_t>(static_cast<unsigned>(type) << 5 | number);
    ++written_.size;
  } else {
    written_.size += encode(number, place, longest_head);
  }
}

void Writer::raw(const void* data, std::size_t size) {
  if (size == 0) return;
  std::memcpy(room_for(size), data, size);
  written_.size += size;
}

void Writer::map(std::size_t pairs) { head(MajorType::map, pairs, cbor_encode_map_start); }
void Writer::array(std::size_t items) { head(MajorType::array, items, cbor_encode_array_start); }
void Writer::text(std::string_view value) {
  head(MajorType::text, value.size(), cbor_encode_string_start);
  raw(value.data(), value.size());
}
void Writer::bytes(std::span<const std::uint8_t> value) {
  head(MajorType::bytes, value.size(), cbor_encode_bytestring_start);
  raw(value.data(), value.size());
}
void Writer::unsigned_integer(std::uint64_t value) { head(MajorType::uint, value, cbor_encode_uint); }
void Writer::integer(std::int64_t value) {
  if (value >= 0) return unsigned_integer(static_cast<std::uint64_t>(value));
  head(MajorType::negint, ~static_cast<std::uint64_t>(value), cbor_encode_negint);
}
void Writer::real(double value) { written_.size += cbor_encode_double(value, room_for(longest_head), longest_head); }
void Writer::boolean(bool value) { written_.size += cbor_encode_bool(value, room_for(longest_head), longest_head); }
void Writer::null() { written_.size += cbor_encode_null(room_for(longest_head), longest_head); }

Written Writer::take() noexcept {
  capacity_ = 0;
  return {std::move(written_.memory), std::exchange(written_.size, 0)};
}

// --- Reader -------------------------------------------------------------------------------------------------------

// libcbor calls back once per token; these write it down.
struct Reader::Collector {
  template <Kind kind, class Number>
  static void number(void* token, Number value) {
    *static_cast<Token*>(token) = {.kind = kind, .number = value, .string = {}};
  }
  template <Kind kind>
  static void string(void* token, cbor_data data, std::size_t size) {
    *static_cast<Token*>(token) = {.kind = kind, .string = {reinterpret_cast<const char*>(data), size}};
  }
  template <Kind kind>
  static void mark(void* token) {
    *static_cast<Token*>(token) = {.kind = kind, .indefinite = true, .string = {}};
  }
  template <class Real>
  static void real(void* token, Real value) {
    *static_cast<Token*>(token) = {.kind = Kind::real, .real = value, .string = {}};
  }
  static void boolean(void* token, bool value) {
    *static_cast<Token*>(token) = {.kind = Kind::boolean, .number = value, .string = {}};
  }

  static constexpr cbor_callbacks callbacks = {
      .uint8 = number<Kind::uint, std::uint8_t>,
      .uint16 = number<Kind::uint, std::uint16_t>,
      .uint32 = number<Kind::uint, std::uint32_t>,
      .uint64 = number<Kind::uint, std::uint64_t>,
      .negint64 = number<Kind::negint, std::uint64_t>,
      .negint32 = number<Kind::negint, std::uint32_t>,
      .negint16 = number<Kind::negint, std::uint16_t>,
      .negint8 = number<Kind::negint, std::uint8_t>,
      .byte_string_start = mark<Kind::bytes_begin>,
      .byte_string = string<Kind::bytes>,
      .string = string<Kind::text>,
      .string_start = mark<Kind::text_begin>,
      .indef_array_start = mark<Kind::array>,
      .array_start = number<Kind::array, std::size_t>,
      .indef_map_start = mark<Kind::map>,
      .map_start = number<Kind::map, std::size_t>,
      .tag = number<Kind::tag, std::uint64_t>,
      .float2 = real<float>,
      .float4 = real<float>,
      .float8 = real<double>,
      .undefined = mark<Kind::nothing>,
      .null = mark<Kind::nothing>,
      .boolean = boolean,
      .indef_break = mark<Kind::stop>,
  };
};

// As in Writer: the first byte of most items holds their number; the others are libcbor's business.
Reader::Token Reader::next() {
  Token token;
  const std::uint8_t first = input_.empty() ? 0xff : input_.front(), type = first >> 5, number = first & 0x1f;
  if (type <= static_cast<unsigned>(MajorType::map) && number <= longest_short) {
    input_ = input_.subspan(1);
    token.kind = static_cast<Kind>(type);
    token.number = number;
    if (token.kind == Kind::bytes || token.kind == Kind::text) token.string = take(number);
    return token;
  }
  const cbor_decoder_result result = cbor_stream_decode(input_.data(), input_.size(), &Collector::callbacks, &token);
  if (result.status == CBOR_DECODER_NEDATA || input_.empty()) ends_too_early();
  if (result.status != CBOR_DECODER_FINISHED) throw Error("this is no CBOR");
  input_ = input_.subspan(result.read);
  return token;
}

void Reader::ends_too_early() { throw Error("the CBOR ends too early"); }
void Reader::too_deep() { throw Error("nested too deeply"); }

Reader::Token Reader::expect(Kind kind, const char* what) {
  const Token token = next();
  if (token.kind != kind) throw Error(what);
  return token;
}

// At the end of the input there is none, and reading the entry will throw.
bool Reader::stop() {
  constexpr std::uint8_t stop = 0xff;
  if (input_.empty() || input_.front() != stop) return false;
  input_ = input_.subspan(1);
  return true;
}

Reader::Entries Reader::long_entries(MajorType type) {
  const bool map = type == MajorType::map;
  const Token token = map ? expect(Kind::map, "a map is due") : expect(Kind::array, "a list is due");
  return Entries(*this, token.number, token.indefinite);
}

template <class String>
String Reader::string(Kind whole, Kind begin, const char* what) {
  const Token token = next();
  if (token.kind == whole) return String(token.string.begin(), token.string.end());
  if (token.kind != begin) throw Error(what);
  String joined;
  for (Entries chunks(*this); chunks.more();) {
    const Token chunk = expect(whole, what);
    joined.insert(joined.end(), chunk.string.begin(), chunk.string.end());
  }
  return joined;
}

void Reader::text(std::string& value) {
  const std::string_view text = key(value);
  if (!is_utf8(text)) throw Error("the text is not UTF-8");
  value = std::string(text);  // assign() would make room for more
}

std::string Reader::text() {
  std::string value;
  text(value);
  return value;
}

std::string_view Reader::long_text(std::string& joined) {
  const auto before = input_;
  const Token token = next();
  if (token.kind == Kind::text) return token.string;
  input_ = before;
  return joined = string<std::string>(Kind::text, Kind::text_begin, "a text is due");
}

Bytes Reader::bytes() { return string<Bytes>(Kind::bytes, Kind::bytes_begin, "a byte string is due"); }

std::uint64_t Reader::unsigned_integer() { return expect(Kind::uint, "an unsigned integer is due").number; }

std::int64_t Reader::integer() {
  const Token token = next();
  if (token.kind != Kind::uint && token.kind != Kind::negint) throw Error("an integer is due");
  if (token.number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    throw Error("the integer does not fit 64 bits");
  }
  return static_cast<std::int64_t>(token.kind == Kind::negint ? ~token.number : token.number);
}

double Reader::real() { return expect(Kind::real, "a float is due").real; }

bool Reader::boolean() { return expect(Kind::boolean, "a boolean is due").number != 0; }

bool Reader::null() {
  constexpr std::uint8_t nothing = 0xf6;
  if (input_.empty() || input_.front() != nothing) return false;
  next();
  return true;
}

Shape Reader::shape() const {
  using enum Shape;
  if (input_.empty()) return other;
  constexpr Shape of_major_type[] = {integer, integer, bytes, text, list, map, other, other};
  const std::uint8_t first = input_.front();
  if (first == 0xf4 || first == 0xf5) return boolean;
  if (first == 0xf6) return null;
  if (first >= 0xf9 && first <= 0xfb) return real;
  return of_major_type[first >> 5];
}

std::span<const std::uint8_t> Reader::item() {
  const auto before = input_;
  skip();
  return before.first(before.size() - input_.size());
}

void Reader::skip() {
  Token token = next();
  while (token.kind == Kind::tag) token = next();
  const bool is_map = token.kind == Kind::map;
  if (token.kind == Kind::stop) throw Error("a break where an item is due");
  if (token.kind == Kind::text && !is_utf8(token.string)) throw Error("the text is not UTF-8");
  if (token.kind == Kind::bytes_begin || token.kind == Kind::text_begin) {
    const Kind chunk = token.kind == Kind::bytes_begin ? Kind::bytes : Kind::text;
    for (Entries chunks(*this); chunks.more();) expect(chunk, "a chunk of the same kind is due");
  } else if (is_map || token.kind == Kind::array) {
    for (Entries entries(*this, token.number, token.indefinite); entries.more();) {
      skip();
      if (is_map) skip();
    }
  }
}

void Reader::end() {
  if (!input_.empty()) throw Error("bytes after the item");
}

}  // namespace ffi_cts::cbor
