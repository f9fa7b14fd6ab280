// The hostile requests, one a line.
#include "harness/program/hostile.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace ffi_cts {
namespace {

constexpr HostileForm forms[] = {
    // ---- The first ones that were thought of.
    {"bb 000000ffffffffff", "a map of 2^40 pairs"},
    {"a1 7b 000000ffffffffff", "a key of 2^40 bytes"},
    {"a1 6178 9b 0000000fffffffff", "a list of 2^36 items"},
    {"a1 6178 5b ffffffffffffffff", "a byte string of 2^64-1 bytes"},
    {"bb ffffffffffffffff", "a map of 2^64-1 pairs"},
    {"a1 7a 7fffffff", "a key of 2^31-1 bytes"},
    {"(81)*20000", "20,000 lists, one in the other"},
    {"(9f)*20000", "the same, indefinite"},
    {"(bf)*10000", "indefinite maps as keys of maps"},
    {"(c1)*20000 a0", "20,000 tags"},
    {"bf 7f 6161 6162 ff 01 ff", "an indefinite map with a key in chunks"},
    {"bf 7f 4161 ff 01 ff", "a text in chunks of bytes"},
    {"bf 6161 ff", "an indefinite map that ends inside a pair"},
    {"a1 f810 01", "an ill-formed simple value as a key"},
    // ---- Nesting. What is nested stands as a value, as a key, or alone; whole, and cut off at its deepest.
    {"a1 6178 (81)*10 00", "a value of 10 lists, one in the other, and a number in the last"},
    {"a1 6178 (81)*100 00", "a value of 100 lists, one in the other, and a number in the last"},
    {"a1 6178 (81)*1000 00", "a value of 1,000 lists, one in the other, and a number in the last"},
    {"a1 6178 (81)*10000 00", "a value of 10,000 lists, one in the other, and a number in the last"},
    {"a1 6178 (81)*100000 00", "a value of 100,000 lists, one in the other, and a number in the last"},
    {"a1 6178 (81)*1000000 00", "a value of 1,000,000 lists, one in the other, and a number in the last"},
    {"a1 6178 (9f)*10 (ff)*10", "a value of 10 indefinite lists, each with its end"},
    {"a1 6178 (9f)*100 (ff)*100", "a value of 100 indefinite lists, each with its end"},
    {"a1 6178 (9f)*1000 (ff)*1000", "a value of 1,000 indefinite lists, each with its end"},
    {"a1 6178 (9f)*10000 (ff)*10000", "a value of 10,000 indefinite lists, each with its end"},
    {"a1 6178 (9f)*100000 (ff)*100000", "a value of 100,000 indefinite lists, each with its end"},
    {"a1 6178 (9f)*1000000 (ff)*1000000", "a value of 1,000,000 indefinite lists, each with its end"},
    {"(a16161)*10 00", "10 maps, each the value of the one around it"},
    {"(a16161)*100 00", "100 maps, each the value of the one around it"},
    {"(a16161)*1000 00", "1,000 maps, each the value of the one around it"},
    {"(a16161)*10000 00", "10,000 maps, each the value of the one around it"},
    {"(a16161)*100000 00", "100,000 maps, each the value of the one around it"},
    {"(a16161)*1000000 00", "1,000,000 maps, each the value of the one around it"},
    {"(a1)*10 (00)*11", "10 maps, each the key of the one around it"},
    {"(a1)*1000 (00)*1001", "1,000 maps, each the key of the one around it"},
    {"(a1)*100000 (00)*100001", "100,000 maps, each the key of the one around it"},
    {"(a1)*1000000 (00)*1000001", "1,000,000 maps, each the key of the one around it"},
    {"a1 6178 (c1)*10 00", "a value in 10 tags"},
    {"a1 6178 (c1)*1000 00", "a value in 1,000 tags"},
    {"a1 6178 (c1)*100000 00", "a value in 100,000 tags"},
    {"a1 6178 (c1)*1000000 00", "a value in 1,000,000 tags"},
    {"(81)*100", "100 lists that nothing is in"},
    {"(81)*10000", "10,000 lists that nothing is in"},
    {"(81)*1000000", "1,000,000 lists that nothing is in"},
    {"(bf6161)*1000 00 (ff)*1000", "1,000 indefinite maps, each the value of the one around it"},
    {"(bf6161)*100000 00 (ff)*100000", "100,000 indefinite maps, each the value of the one around it"},
    {"a1 6178 (9fbf6161)*50000 00 (ffff)*50000", "50,000 lists and maps in turn, indefinite"},
    {"a1 6178 (8280)*500 80", "500 lists of two, each the second of the one around it"},
    {"a1 6178 (d9d9f781)*30000 00", "30,000 lists, each in a tag"},
    // ---- Declared lengths that nothing follows, of each major type that has one: as a value …
    {"a1 6178 59 ffff", "a value: a byte string of 65,535 bytes"},
    {"a1 6178 5a 00100000", "a value: a byte string of 2^20 bytes"},
    {"a1 6178 5a 01000000", "a value: a byte string of 2^24 bytes"},
    {"a1 6178 5a 7fffffff", "a value: a byte string of 2^31-1 bytes"},
    {"a1 6178 5a 80000000", "a value: a byte string of 2^31 bytes"},
    {"a1 6178 5a ffffffff", "a value: a byte string of 2^32-1 bytes"},
    {"a1 6178 5b 0000000100000000", "a value: a byte string of 2^32 bytes"},
    {"a1 6178 5b 7fffffffffffffff", "a value: a byte string of 2^63-1 bytes"},
    {"a1 6178 5b 8000000000000000", "a value: a byte string of 2^63 bytes"},
    {"a1 6178 79 ffff", "a value: a text of 65,535 bytes"},
    {"a1 6178 7a 00100000", "a value: a text of 2^20 bytes"},
    {"a1 6178 7a 01000000", "a value: a text of 2^24 bytes"},
    {"a1 6178 7a 7fffffff", "a value: a text of 2^31-1 bytes"},
    {"a1 6178 7a 80000000", "a value: a text of 2^31 bytes"},
    {"a1 6178 7a ffffffff", "a value: a text of 2^32-1 bytes"},
    {"a1 6178 7b 0000000100000000", "a value: a text of 2^32 bytes"},
    {"a1 6178 7b 7fffffffffffffff", "a value: a text of 2^63-1 bytes"},
    {"a1 6178 7b 8000000000000000", "a value: a text of 2^63 bytes"},
    {"a1 6178 7b ffffffffffffffff", "a value: a text of 2^64-1 bytes"},
    {"a1 6178 99 ffff", "a value: a list of 65,535 items"},
    {"a1 6178 9a 00100000", "a value: a list of 2^20 items"},
    {"a1 6178 9a 01000000", "a value: a list of 2^24 items"},
    {"a1 6178 9a 7fffffff", "a value: a list of 2^31-1 items"},
    {"a1 6178 9a 80000000", "a value: a list of 2^31 items"},
    {"a1 6178 9a ffffffff", "a value: a list of 2^32-1 items"},
    {"a1 6178 9b 0000000100000000", "a value: a list of 2^32 items"},
    {"a1 6178 9b 7fffffffffffffff", "a value: a list of 2^63-1 items"},
    {"a1 6178 9b 8000000000000000", "a value: a list of 2^63 items"},
    {"a1 6178 9b ffffffffffffffff", "a value: a list of 2^64-1 items"},
    {"a1 6178 b9 ffff", "a value: a map of 65,535 pairs"},
    {"a1 6178 ba 00100000", "a value: a map of 2^20 pairs"},
    {"a1 6178 ba 01000000", "a value: a map of 2^24 pairs"},
    {"a1 6178 ba 7fffffff", "a value: a map of 2^31-1 pairs"},
    {"a1 6178 ba 80000000", "a value: a map of 2^31 pairs"},
    {"a1 6178 ba ffffffff", "a value: a map of 2^32-1 pairs"},
    {"a1 6178 bb 0000000100000000", "a value: a map of 2^32 pairs"},
    {"a1 6178 bb 7fffffffffffffff", "a value: a map of 2^63-1 pairs"},
    {"a1 6178 bb 8000000000000000", "a value: a map of 2^63 pairs"},
    {"a1 6178 bb ffffffffffffffff", "a value: a map of 2^64-1 pairs"},
    // ---- … and with a little of what is declared.
    {"a1 6178 5a 00100000 (61)*100", "a value: a byte string of 2^20 bytes, of which 100 bytes are there"},
    {"a1 6178 5a 7fffffff (61)*100", "a value: a byte string of 2^31-1 bytes, of which 100 bytes are there"},
    {"a1 6178 5b ffffffffffffffff (61)*100", "a value: a byte string of 2^64-1 bytes, of which 100 bytes are there"},
    {"a1 6178 7a 00100000 (61)*100", "a value: a text of 2^20 bytes, of which 100 bytes are there"},
    {"a1 6178 7a 7fffffff (61)*100", "a value: a text of 2^31-1 bytes, of which 100 bytes are there"},
    {"a1 6178 7b ffffffffffffffff (61)*100", "a value: a text of 2^64-1 bytes, of which 100 bytes are there"},
    {"a1 6178 9a 00100000 (00)*100", "a value: a list of 2^20 items, of which 100 bytes are there"},
    {"a1 6178 9a 7fffffff (00)*100", "a value: a list of 2^31-1 items, of which 100 bytes are there"},
    {"a1 6178 9b ffffffffffffffff (00)*100", "a value: a list of 2^64-1 items, of which 100 bytes are there"},
    {"a1 6178 ba 00100000 (00)*100", "a value: a map of 2^20 pairs, of which 100 bytes are there"},
    {"a1 6178 ba 7fffffff (00)*100", "a value: a map of 2^31-1 pairs, of which 100 bytes are there"},
    {"a1 6178 bb ffffffffffffffff (00)*100", "a value: a map of 2^64-1 pairs, of which 100 bytes are there"},
    // ---- Declared lengths of what is the whole request, or its first key.
    {"5a 01000000", "a byte string of 2^24 bytes"},
    {"5b 0000000100000000", "a byte string of 2^32 bytes"},
    {"5b ffffffffffffffff", "a byte string of 2^64-1 bytes"},
    {"7a 01000000", "a text of 2^24 bytes"},
    {"7b 0000000100000000", "a text of 2^32 bytes"},
    {"7b ffffffffffffffff", "a text of 2^64-1 bytes"},
    {"9a 01000000", "a list of 2^24 items"},
    {"9b 0000000100000000", "a list of 2^32 items"},
    {"9b ffffffffffffffff", "a list of 2^64-1 items"},
    {"ba 01000000", "a map of 2^24 pairs"},
    {"bb 0000000100000000", "a map of 2^32 pairs"},
    {"a1 5b ffffffffffffffff", "a key: a byte string of 2^64-1 bytes"},
    {"a1 7b ffffffffffffffff", "a key: a text of 2^64-1 bytes"},
    {"a1 9b ffffffffffffffff", "a key: a list of 2^64-1 items"},
    {"a1 bb ffffffffffffffff", "a key: a map of 2^64-1 pairs"},
    {"a1 6178 82 5b 4000000000000000 5b c000000000000000", "two byte strings whose lengths together are 2^64"},
    {"a1 6178 (9b 00000000000fffff)*1000", "1,000 lists of 2^20-1 items, one in the other"},
    {"a1 6178 (bb 0000000000ffffff 6161)*1000", "1,000 maps of 2^24-1 pairs, one in the other"},
    // ---- Chunks.
    {"a1 6178 5f 4161 6161 ff", "a byte string with a chunk of text"},
    {"a1 6178 7f 6161 01 ff", "a text with a number for a chunk"},
    {"a1 6178 7f 7f 6161 ff ff", "a text in chunks, one of which is in chunks"},
    {"a1 6178 5f 5f 4161 ff ff", "a byte string in chunks, one of which is in chunks"},
    {"a1 6178 5f", "a byte string in chunks that has none and no end"},
    {"a1 6178 7f 6161", "a text in chunks without an end"},
    {"a1 6178 7f 61c3 61a9 ff", "a letter of two bytes, cut in two by its chunks"},
    {"a1 6178 5f 5b ffffffffffffffff", "a chunk of 2^64-1 bytes"},
    {"a1 6178 7f 7a ffffffff 61", "a chunk of 2^32-1 bytes, of which one is there"},
    {"a1 6178 7f (60)*100000 ff", "a text of 100,000 empty chunks"},
    {"a1 6178 5f (4100)*50000 ff", "a byte string of 50,000 chunks of a byte"},
    {"a1 6178 5f (4100)*50000", "the same without an end"},
    {"a1 6178 3f", "a negative number of indefinite length"},
    {"a1 6178 1f", "a number of indefinite length"},
    {"a1 6178 df", "a tag of indefinite length"},
    // ---- Ends where there is nothing to end.
    {"ff", "an end alone"},
    {"a1 ff", "an end for a key"},
    {"a1 6178 ff", "an end for a value"},
    {"a1 6178 81 ff", "an end in a list of one"},
    {"a1 6178 9f ff ff", "an end too many"},
    {"bf 6178 00 ff ff", "an end after the whole"},
    {"bf 6178 00 6179 ff", "an end for the second value of an indefinite map"},
    {"a1 6178 c1 ff", "an end in a tag"},
    {"bf", "an indefinite map without an end"},
    {"9f", "an indefinite list without an end"},
    // ---- Reserved additional information.
    {"a1 6178 1c", "major type 0 with additional information 28"},
    {"a1 6178 1d", "major type 0 with additional information 29"},
    {"a1 6178 1e", "major type 0 with additional information 30"},
    {"a1 6178 3c", "major type 1 with additional information 28"},
    {"a1 6178 3d", "major type 1 with additional information 29"},
    {"a1 6178 3e", "major type 1 with additional information 30"},
    {"a1 6178 5c", "major type 2 with additional information 28"},
    {"a1 6178 5d", "major type 2 with additional information 29"},
    {"a1 6178 5e", "major type 2 with additional information 30"},
    {"a1 6178 7c", "major type 3 with additional information 28"},
    {"a1 6178 7d", "major type 3 with additional information 29"},
    {"a1 6178 7e", "major type 3 with additional information 30"},
    {"a1 6178 9c", "major type 4 with additional information 28"},
    {"a1 6178 9d", "major type 4 with additional information 29"},
    {"a1 6178 9e", "major type 4 with additional information 30"},
    {"a1 6178 bc", "major type 5 with additional information 28"},
    {"a1 6178 bd", "major type 5 with additional information 29"},
    {"a1 6178 be", "major type 5 with additional information 30"},
    {"a1 6178 dc", "major type 6 with additional information 28"},
    {"a1 6178 dd", "major type 6 with additional information 29"},
    {"a1 6178 de", "major type 6 with additional information 30"},
    {"a1 6178 fc", "major type 7 with additional information 28"},
    {"a1 6178 fd", "major type 7 with additional information 29"},
    {"a1 6178 fe", "major type 7 with additional information 30"},
    // ---- Duplicate keys, keys of other types, many keys.
    {"a2 6178 00 6178 00", "a key twice"},
    {"a2 63726571 a0 63726571 a0", "another key twice"},
    {"a2 60 00 60 01", "the empty key twice"},
    {"b9 03e8 (6178 00)*1000", "a key 1,000 times"},
    {"bf (63726571 00)*20000 ff", "a key 20,000 times"},
    {"a1 00 00", "a number for a key"},
    {"a1 20 00", "a negative number for a key"},
    {"a1 4161 00", "a byte string for a key"},
    {"a1 80 00", "a list for a key"},
    {"a1 a0 00", "a map for a key"},
    {"a1 f6 00", "null for a key"},
    {"a1 f5 00", "true for a key"},
    {"a1 f97e00 00", "a NaN for a key"},
    {"a1 c1 6178 00", "a text in a tag for a key"},
    {"a2 f97e00 00 f97e00 00", "two NaNs for keys"},
    {"ba 00004e20 (01 00)*20000", "20,000 pairs whose keys are a number"},
    // ---- Text that is no UTF-8, as a key and as a value.
    {"a1 62 c080 00", "a key: an overlong NUL"},
    {"a1 6178 62 c080", "a value: an overlong NUL"},
    {"a1 63 e08080 00", "a key: an overlong NUL of three bytes"},
    {"a1 6178 63 e08080", "a value: an overlong NUL of three bytes"},
    {"a1 64 f0808080 00", "a key: one of four bytes"},
    {"a1 6178 64 f0808080", "a value: one of four bytes"},
    {"a1 62 c1bf 00", "a key: an overlong letter"},
    {"a1 6178 62 c1bf", "a value: an overlong letter"},
    {"a1 63 eda080 00", "a key: a high surrogate"},
    {"a1 6178 63 eda080", "a value: a high surrogate"},
    {"a1 63 edb080 00", "a key: a low surrogate"},
    {"a1 6178 63 edb080", "a value: a low surrogate"},
    {"a1 66 eda080edb080 00", "a key: a pair of surrogates"},
    {"a1 6178 66 eda080edb080", "a value: a pair of surrogates"},
    {"a1 64 f4908080 00", "a key: what is beyond the last letter"},
    {"a1 6178 64 f4908080", "a value: what is beyond the last letter"},
    {"a1 61 c3 00", "a key: a letter cut off"},
    {"a1 6178 61 c3", "a value: a letter cut off"},
    {"a1 62 e282 00", "a key: a letter of three bytes cut off"},
    {"a1 6178 62 e282", "a value: a letter of three bytes cut off"},
    {"a1 63 f09f98 00", "a key: a letter of four bytes cut off"},
    {"a1 6178 63 f09f98", "a value: a letter of four bytes cut off"},
    {"a1 61 80 00", "a key: a continuation alone"},
    {"a1 6178 61 80", "a value: a continuation alone"},
    {"a1 61 ff 00", "a key: a byte that never stands in UTF-8"},
    {"a1 6178 61 ff", "a value: a byte that never stands in UTF-8"},
    {"a1 61 fe 00", "a key: another one"},
    {"a1 6178 61 fe", "a value: another one"},
    {"a1 64 f8888080 00", "a key: a lead of five bytes"},
    {"a1 6178 64 f8888080", "a value: a lead of five bytes"},
    // ---- What follows the item.
    {"a0 00", "a byte after an empty map"},
    {"a0 a0", "another item"},
    {"a0 ff", "an end"},
    {"a0 (00)*100000", "100,000 items"},
    {"f6 f6", "two times null"},
    {"a1 6178 00 9b ffffffffffffffff", "the head of a list of 2^64-1 items"},
    // ---- Numbers, floats, simple values and tags.
    {"a1 6178 1b ffffffffffffffff", "2^64-1"},
    {"a1 6178 3b ffffffffffffffff", "-2^64"},
    {"a1 6178 3b 7fffffffffffffff", "-2^63"},
    {"a1 6178 3b 8000000000000000", "-2^63-1"},
    {"a1 6178 1b 0000000000000000", "0 in nine bytes"},
    {"a1 6178 1800", "0 in two bytes"},
    {"a1 7800 00", "an empty key whose length takes two bytes"},
    {"a1 6178 f97e00", "a NaN of two bytes"},
    {"a1 6178 f97c01", "a NaN of two bytes that signals"},
    {"a1 6178 fa7fc00000", "a NaN of four bytes"},
    {"a1 6178 fb7ff8000000000001", "a NaN of eight bytes with a payload"},
    {"a1 6178 f97c00", "infinity"},
    {"a1 6178 f9fc00", "minus infinity"},
    {"a1 6178 f90001", "the smallest of the half floats"},
    {"a1 6178 f98000", "minus zero"},
    {"a1 6178 fa00", "a float of four bytes cut off"},
    {"a1 6178 fb", "a float of eight bytes without any"},
    {"a1 6178 f7", "undefined"},
    {"a1 6178 e0", "simple value 0"},
    {"a1 6178 f3", "simple value 19"},
    {"a1 6178 f8", "a simple value without its byte"},
    {"a1 6178 f814", "true in two bytes"},
    {"a1 6178 f820", "simple value 32"},
    {"a1 6178 f8ff", "simple value 255"},
    {"a1 6178 c0 00", "a date that is a number"},
    {"a1 6178 c2 5b ffffffffffffffff", "a big number of 2^64-1 bytes"},
    {"a1 6178 c2 41ff", "a big number"},
    {"a1 6178 c4 82 1b ffffffffffffffff 01", "a decimal fraction with an exponent of 2^64-1"},
    {"a1 6178 c5 82 3b ffffffffffffffff 01", "a big float with an exponent of -2^64"},
    {"a1 6178 db ffffffffffffffff 00", "tag 2^64-1"},
    {"a1 6178 d818 5b ffffffffffffffff", "CBOR in CBOR, of 2^64-1 bytes"},
    {"a1 6178 d9d9f7", "a tag with nothing in it"},
    {"d9d9f7 a0", "the tag of CBOR itself around the request"},
};

std::uint8_t digit(char c) { return static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10); }

void add(Bytes& out, std::string_view digits) {
  for (std::size_t i = 0; i + 1 < digits.size(); i += digits[i] == ' ' ? 1 : 2)
    if (digits[i] != ' ') out.push_back(static_cast<std::uint8_t>(digit(digits[i]) << 4 | digit(digits[i + 1])));
}

}  // namespace

std::span<const HostileForm> hostile_forms() { return forms; }

std::size_t hostile_count() { return std::size(forms) + truncations; }

Bytes bytes_of(const HostileForm& form) {
  Bytes out;
  std::string_view left = form.bytes;
  while (!left.empty()) {
    const std::size_t open = left.find('(');
    add(out, left.substr(0, open));
    if (open == std::string_view::npos) break;
    const std::size_t close = left.find(")*", open);
    Bytes part;
    add(part, left.substr(open + 1, close - open - 1));
    std::size_t times = 0;
    const auto [end, error] = std::from_chars(left.data() + close + 2, left.data() + left.size(), times);
    out.reserve(out.size() + part.size() * times);
    if (part.size() == 1) out.insert(out.end(), std::exchange(times, 0), part[0]);
    for (; times > 0; --times) out.insert(out.end(), part.begin(), part.end());
    left.remove_prefix(static_cast<std::size_t>(end - left.data()));
  }
  return out;
}

namespace {

// A valid request's first key, as an item; empty: it has none, or a long one.
ByteView first_key(const Bytes& valid) {
  if (valid.size() < 2 || valid[1] >> 5 != 3 || (valid[1] & 31) > 23) return {};
  return ByteView(valid).subspan(1, 1u + (valid[1] & 31));
}

// Not a number nor what a number is made of: a proc that asks for one may take it, and wait or block for as long.
bool may_stand_under_a_key(const Bytes& form) {
  const Bytes unknown = {0xa1, 0x61, 'x'};
  return form.size() > unknown.size() && std::equal(unknown.begin(), unknown.end(), form.begin()) && form[3] >> 5 >= 2 && form[3] >> 5 <= 6;
}

}  // namespace

Bytes hostile_bytes(std::size_t number, const Bytes& valid) {
  const bool under_its_key = number / hostile_count() % 2 == 1;
  number %= hostile_count();
  if (number >= std::size(forms)) {
    const std::size_t length = (number - std::size(forms)) % valid.size();
    return Bytes(valid.begin(), valid.begin() + static_cast<std::ptrdiff_t>(length));
  }
  Bytes out = bytes_of(forms[number]);
  const ByteView key = first_key(valid);
  if (!under_its_key || key.empty() || !may_stand_under_a_key(out)) return out;
  out.erase(out.begin() + 1, out.begin() + 3);
  out.insert(out.begin() + 1, key.begin(), key.end());
  return out;
}

}  // namespace ffi_cts
