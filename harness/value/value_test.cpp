#include "harness/value/value.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include <gmock/gmock.h>

namespace ffi_cts {
namespace {

Bytes from_hex(std::string_view hex) {
  Bytes out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out.push_back(static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  return out;
}

std::string to_hex(const Bytes& bytes) {
  std::string out;
  for (const auto byte : bytes) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

constexpr double infinity = std::numeric_limits<double>::infinity();
const Value nil = Nil{};

struct Vector {
  const char* hex;
  Value value;
  bool shortest = true;  // is this the form that we write?
};

Map entries(std::initializer_list<std::pair<Value, Value>> list) { return Map(list.begin(), list.end()); }

List one_to_25() {
  List out;
  for (int i = 1; i <= 25; ++i) out.emplace_back(i);
  return out;
}

// RFC 8949, appendix A, in its order; tags lose their number and simple values become nil.
std::vector<Vector> appendix_a() {
  const Value nested = List{1, List{2, 3}, List{4, 5}};
  const Value map_of_list = Map(entries({{"a", 1}, {"b", List{2, 3}}}));
  return {
      {"00", 0}, {"01", 1}, {"0a", 10}, {"17", 23}, {"1818", 24}, {"1819", 25}, {"1864", 100}, {"1903e8", 1000},
      {"1a000f4240", 1000000}, {"1b000000e8d4a51000", std::uint64_t{1000000000000}},
      {"1bffffffffffffffff", std::numeric_limits<std::uint64_t>::max()},
      {"c249010000000000000000", Bytes{1, 0, 0, 0, 0, 0, 0, 0, 0}, false},
      {"3bffffffffffffffff", -18446744073709551616.0, false},
      {"c349010000000000000000", Bytes{1, 0, 0, 0, 0, 0, 0, 0, 0}, false},
      {"20", -1}, {"29", -10}, {"3863", -100}, {"3903e7", -1000},
      {"f90000", 0.0}, {"f98000", -0.0}, {"f93c00", 1.0}, {"fb3ff199999999999a", 1.1}, {"f93e00", 1.5},
      {"f97bff", 65504.0}, {"fa47c35000", 100000.0}, {"fa7f7fffff", 3.4028234663852886e+38},
      {"fb7e37e43c8800759c", 1.0e+300}, {"f90001", 5.960464477539063e-8}, {"f90400", 0.00006103515625},
      {"f9c400", -4.0}, {"fbc010666666666666", -4.1}, {"f97c00", infinity}, {"f9fc00", -infinity},
      {"fa7f800000", infinity, false}, {"faff800000", -infinity, false},
      {"fb7ff0000000000000", infinity, false}, {"fbfff0000000000000", -infinity, false},
      {"f4", false}, {"f5", true}, {"f6", nil}, {"f7", nil, false}, {"f0", nil, false}, {"f8ff", nil, false},
      {"c074323031332d30332d32315432303a30343a30305a", "2013-03-21T20:04:00Z", false},
      {"c11a514b67b0", 1363896240, false}, {"c1fb41d452d9ec200000", 1363896240.5, false},
      {"d74401020304", Bytes{1, 2, 3, 4}, false}, {"d818456449455446", Bytes{0x64, 0x49, 0x45, 0x54, 0x46}, false},
      {"d82076687474703a2f2f7777772e6578616d706c652e636f6d", "http://www.example.com", false},
      {"40", Bytes{}}, {"4401020304", Bytes{1, 2, 3, 4}}, {"60", ""}, {"6161", "a"}, {"6449455446", "IETF"},
      {"62225c", "\"\\"}, {"62c3bc", "ü"}, {"63e6b0b4", "水"}, {"64f0908591", "𐅑"},
      {"80", List{}}, {"83010203", List{1, 2, 3}}, {"8301820203820405", nested},
      {"98190102030405060708090a0b0c0d0e0f101112131415161718181819", one_to_25()},
      {"a0", Map{}}, {"a201020304", entries({{1, 2}, {3, 4}})}, {"a26161016162820203", map_of_list},
      {"826161a161626163", List{"a", Map(entries({{"b", "c"}}))}},
      {"a56161614161626142616361436164614461656145",
       entries({{"a", "A"}, {"b", "B"}, {"c", "C"}, {"d", "D"}, {"e", "E"}})},
      {"5f42010243030405ff", Bytes{1, 2, 3, 4, 5}, false}, {"7f657374726561646d696e67ff", "streaming", false},
      {"9fff", List{}, false}, {"9f018202039f0405ffff", nested, false}, {"9f01820203820405ff", nested, false},
      {"83018202039f0405ff", nested, false}, {"83019f0203ff820405", nested, false},
      {"9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff", one_to_25(), false},
      {"bf61610161629f0203ffff", map_of_list, false},
      {"826161bf61626163ff", List{"a", Map(entries({{"b", "c"}}))}, false},
      {"bf6346756ef563416d7421ff", entries({{"Fun", true}, {"Amt", -2}}), false},
  };
}

TEST(Cbor, ReadsEveryExampleOfTheRfc) {
  for (const auto& [hex, value, shortest] : appendix_a()) {
    const auto decoded = decode(from_hex(hex));
    ASSERT_TRUE(decoded) << hex << ": " << decoded.error->what;
    EXPECT_EQ(*decoded.value, value) << hex << " is " << to_text(*decoded.value);
    EXPECT_FALSE(decoded.error);
  }
}

TEST(Cbor, WritesEveryExampleOfTheRfcThatIsInTheShortestForm) {
  for (const auto& [hex, value, shortest] : appendix_a()) {
    if (shortest) {
      EXPECT_EQ(to_hex(encode(value)), hex);
    }
  }
}

TEST(Cbor, ReadsNotANumberOfEveryWidthAndWritesTheShortest) {
  for (const auto* hex : {"f97e00", "fa7fc00000", "fb7ff8000000000000"}) {
    const auto decoded = decode(from_hex(hex));
    ASSERT_TRUE(decoded) << hex;
    EXPECT_TRUE(std::isnan(std::get<double>(decoded.value->data))) << hex;
    EXPECT_EQ(to_hex(encode(*decoded.value)), "f97e00");
  }
}

TEST(Cbor, ReadsTheMostNegativeIntegerAndTheNextAsAFloat) {
  EXPECT_EQ(*decode(from_hex("3b7fffffffffffffff")).value, Value(std::numeric_limits<std::int64_t>::min()));
  EXPECT_EQ(*decode(from_hex("3b8000000000000000")).value, Value(-9223372036854775808.0));
  EXPECT_EQ(to_hex(encode(std::numeric_limits<std::int64_t>::min())), "3b7fffffffffffffff");
}

TEST(Cbor, WritesEveryHalfFloatInThreeBytesAndReadsItBack) {
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    const Bytes bytes = {0xf9, static_cast<std::uint8_t>(bits >> 8), static_cast<std::uint8_t>(bits & 0xff)};
    const auto decoded = decode(bytes);
    ASSERT_TRUE(decoded);
    if (std::isnan(std::get<double>(decoded.value->data))) continue;
    ASSERT_EQ(to_hex(encode(*decoded.value)), to_hex(bytes));
  }
}

TEST(Cbor, KeepsDuplicateKeysInTheirOrder) {
  const Value map = entries({{"b", 1}, {"a", 2}, {"b", 3}});
  EXPECT_EQ(*decode(encode(map)).value, map);
  EXPECT_EQ(*map.find("b"), Value(1));
}

class RandomValues {
 public:
  explicit RandomValues(unsigned seed) : random_(seed) {}

  Value value(int depth = 0) {
    switch (pick(depth < 5 ? 9 : 7)) {
      case 0: return Nil{};
      case 1: return pick(2) == 0;
      case 2: return random_() >> pick(64);
      case 3: return -1 - static_cast<std::int64_t>(random_() >> (1 + pick(63)));
      case 4: return real();
      case 5: return text();
      case 6: return Bytes(pick(300), static_cast<std::uint8_t>(pick(256)));
      case 7: return list(depth);
      default: return map(depth);
    }
  }
  std::uint64_t pick(std::uint64_t below) { return random_() % below; }

 private:
  Value real() {
    const auto number = std::bit_cast<double>(random_());
    return pick(2) == 0 || std::isnan(number) ? static_cast<double>(pick(1000)) / 8 : number;
  }
  Value text() {
    std::string out;
    for (auto i = pick(30); i > 0; --i) out += std::array{"a", "é", "水", "𐅑", "\n", "\""}[pick(6)];
    return out;
  }
  Value list(int depth) {
    List out;
    for (auto i = pick(8); i > 0; --i) out.push_back(value(depth + 1));
    return out;
  }
  Value map(int depth) {
    Map out;
    for (auto i = pick(8); i > 0; --i) out.emplace_back(value(depth + 1), value(depth + 1));
    return out;
  }

  std::mt19937_64 random_;
};

TEST(Cbor, GivesBackWhatWasWrittenForThousandsOfRandomValues) {
  RandomValues random(7);
  for (int i = 0; i < 5000; ++i) {
    const Value value = random.value();
    const auto decoded = decode(encode(value));
    ASSERT_TRUE(decoded) << to_text(value);
    ASSERT_EQ(*decoded.value, value);
  }
}

TEST(Cbor, RefusesEveryTruncationOfARandomValue) {
  RandomValues random(11);
  for (int i = 0; i < 300; ++i) {
    const Bytes whole = encode(random.value());
    for (std::size_t size = 0; size < std::min<std::size_t>(whole.size(), 2000); ++size) {
      const auto decoded = decode(ByteView(whole).first(size));
      ASSERT_FALSE(decoded) << to_hex(whole) << " cut to " << size;
      ASSERT_EQ(decoded.error->offset, size);
    }
  }
}

TEST(Value, HasOneFormForEachInteger) {
  EXPECT_EQ(Value(5), Value(std::uint64_t{5}));
  EXPECT_EQ(Value(5).uint(), 5u);
  EXPECT_EQ(Value(-5).uint(), std::nullopt);
  EXPECT_EQ(Value("5").uint(), std::nullopt);
}

TEST(Value, FindsTheMemberOfAMapByItsTextKey) {
  const Value map = entries({{1, 2}, {"a", 3}});
  EXPECT_EQ(*map.find("a"), Value(3));
  EXPECT_EQ(map.find("b"), nullptr);
  EXPECT_EQ(Value("a").find("a"), nullptr);
}

TEST(Value, ReadsLikeDiagnosticNotation) {
  const Value value = entries({{"n", List{nil, true, -1, 1.0, 1e300, infinity}}, {"b", Bytes{1, 255}}, {"t", "a\"\n\x01"}});
  EXPECT_EQ(to_text(value), R"({"n": [null, true, -1, 1.0, 1e+300, Infinity], "b": h'01ff', "t": "a\"\n\u0001"})");
}

TEST(Value, ShortensLongStringsBetweenCharactersAndSaysTheirLength) {
  EXPECT_EQ(to_text("水水水", 4), "\"水…\" (9 bytes)");
  EXPECT_EQ(to_text(Bytes{1, 2, 3}, 2), "h'0102…' (3 bytes)");
  EXPECT_EQ(to_text("abc", 3), "\"abc\"");
}

TEST(Value, ShowsBytesThatAreNoUtf8ByTheirNumber) { EXPECT_EQ(to_text("a\xff"), "\"a\\xff\""); }

TEST(Utf8, AcceptsWhatTheStandardDoesAndNothingElse) {
  for (const auto* good : {"", "a", "ü", "水", "𐅑", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf"}) EXPECT_TRUE(is_utf8(good)) << good;
  const auto bad = {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
                    "\xf5\x80\x80\x80", "\xff", "a\xc3", "\xe6\xb0", "\xf0\x90\x85", "\xc3("};
  for (const auto* text : bad) EXPECT_FALSE(is_utf8(text)) << to_text(text);
}

}  // namespace
}  // namespace ffi_cts
