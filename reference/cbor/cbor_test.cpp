#include "reference/cbor/codec.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace ffi_cts::cbor {
namespace {

struct Inner {
  std::int64_t number = 0;
  static void fields(auto& self, auto&& field) { field("number", self.number); }
};
struct Outer {
  std::string text;
  Bytes data;
  bool flag = false;
  double real = 0;
  std::uint64_t count = 0;
  std::optional<std::string> maybe;
  std::vector<Inner> list;
  static void fields(auto& self, auto&& field) {
    field("text", self.text);
    field("data", self.data);
    field("flag", self.flag);
    field("real", self.real);
    field("count", self.count);
    field("maybe", self.maybe);
    field("list", self.list);
  }
};

struct Three {
  std::int64_t a = 0, b = 0, c = 0;
  std::optional<std::int64_t> d;
  static void fields(auto& self, auto&& field) {
    field("a", self.a);
    field("b", self.b);
    field("c", self.c);
    field("d", self.d);
  }
};

Bytes operator""_cbor(const char* text, std::size_t size) { return Bytes(text, text + size); }

template <class T>
std::string error_of(const Bytes& input) {
  try {
    decode<T>(input);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Cbor, AStructureComesBackAsItWas) {
  const Outer outer{"täxt", {0, 255}, true, 1.5, ~std::uint64_t{0}, "there", {{std::numeric_limits<std::int64_t>::min()}, {-1}, {0}}};
  const auto back = decode<Outer>(encode(outer).bytes());
  EXPECT_EQ(back.text, outer.text);
  EXPECT_EQ(back.data, outer.data);
  EXPECT_TRUE(back.flag);
  EXPECT_EQ(back.real, 1.5);
  EXPECT_EQ(back.count, outer.count);
  EXPECT_EQ(back.maybe, outer.maybe);
  ASSERT_EQ(back.list.size(), 3U);
  EXPECT_EQ(back.list[0].number, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(back.list[1].number, -1);
}

TEST(Cbor, IndefiniteItemsAndUnknownKeysAreTaken) {
  // {_ "x": [_ 1(h'00'), {1: 2}], "number": 7}
  EXPECT_EQ(decode<Inner>("\xbf\x61x\x9f\xc1\x41\x00\xa1\x01\x02\xff\x66number\x07\xff"_cbor).number, 7);
  EXPECT_EQ(decode<std::string>("\x7f\x61" "a\x61" "b\xff"_cbor), "ab");
}

TEST(Cbor, KeysMayComeInAnyOrderAndInAnyForm) {
  const auto read = [](const Bytes& input) {
    const auto [a, b, c, d] = decode<Three>(input);
    return std::vector{a, b, c, d.value_or(0)};
  };
  const std::vector<std::int64_t> right{1, 2, 3, 0};
  EXPECT_EQ(read("\xa3\x61" "a\x01\x61" "b\x02\x61" "c\x03"_cbor), right);
  EXPECT_EQ(read("\xa3\x61" "c\x03\x61" "b\x02\x61" "a\x01"_cbor), right);
  EXPECT_EQ(read("\xa5\x61" "b\x02\x61" "d\xf6\x61" "x\x80\x61" "a\x01\x61" "c\x03"_cbor), right);
  EXPECT_EQ(read("\xbf\x78\x01" "a\x01\x7f\x61" "b\xff\x02\x7f\x60\x61" "c\x60\xff\x03\xff"_cbor), right);
  EXPECT_EQ(error_of<Three>("\xa2\x61" "a\x01\x61" "c\x02"_cbor), "'b' is missing");
  EXPECT_EQ(error_of<Three>("\xa4\x61" "a\x01\x61" "b\x02\x61" "c\x03\x61" "a\x01"_cbor), "'a' is there twice");
  EXPECT_EQ(error_of<Three>("\xbf\x61" "a\x01\x61" "b\x02\x7f\x61" "b\xff\x02\xff"_cbor), "'b' is there twice");
  EXPECT_EQ(error_of<Three>("\xa1\x61\xff\x01"_cbor), "a key is not UTF-8");
  EXPECT_EQ(error_of<Three>("\xa1\x62" "a"_cbor), "the CBOR ends too early");
}

TEST(Cbor, AnErrorNamesTheKeyAndWhatIsDue) {
  EXPECT_EQ(error_of<Inner>("\xa1\x66number\x61x"_cbor), "'number': an integer is due");
  EXPECT_EQ(error_of<Inner>("\xa0"_cbor), "'number' is missing");
  EXPECT_EQ(error_of<Inner>("\xa2\x66number\x01\x66number\x01"_cbor), "'number' is there twice");
  EXPECT_EQ(error_of<Inner>("\xa1\x66number\x1b\x80\x00\x00\x00\x00\x00\x00\x00"_cbor), "'number': the integer does not fit 64 bits");
  EXPECT_EQ(error_of<Inner>("\xa1\x66number\x01\x01"_cbor), "bytes after the item");
  EXPECT_EQ(error_of<Inner>(""_cbor), "the CBOR ends too early");
  EXPECT_EQ(error_of<Inner>("\xff"_cbor), "a map is due");
  EXPECT_EQ(error_of<Inner>("\x1c"_cbor), "this is no CBOR");
  EXPECT_EQ(error_of<std::string>("\x62\xc0\x80"_cbor), "the text is not UTF-8");
}

TEST(Cbor, ABadByteIsFoundWhereverItStandsInALongText) {
  for (std::size_t at = 0; at < 24; ++at) {
    std::string text(24, 'a');
    EXPECT_EQ(decode<std::string>(encode(text).bytes()), text);
    text[at] = '\xff';
    const Written bad = encode(text);
    EXPECT_EQ(error_of<std::string>(Bytes(bad.bytes().begin(), bad.bytes().end())), "the text is not UTF-8") << at;
    text.replace(at, 1, "\xe2\x82\xac");  // three bytes, across words of eight
    EXPECT_EQ(decode<std::string>(encode(text).bytes()), text) << at;
  }
}

TEST(Cbor, RoomIsMadeForWhatCanBeThere) {
  Bytes list = "\x9b\x7f\xff\xff\xff\xff\xff\xff\xff"_cbor;  // many, it says
  list.resize(list.size() + 80);
  EXPECT_EQ(Reader(list).array().likely(40), 2U);
  EXPECT_EQ(Reader("\x83\x01\x02\x03"_cbor).array().likely(1), 3U);
  EXPECT_EQ(Reader("\x9f\x01\x02\x03\xff"_cbor).array().likely(1), 0U);
}

TEST(Cbor, HostileInputEndsInAnError) {
  EXPECT_NE(error_of<std::vector<std::string>>("\x9b\x7f\xff\xff\xff\xff\xff\xff\xff"_cbor), "");
  EXPECT_NE(error_of<Bytes>("\x5b\xff\xff\xff\xff\xff\xff\xff\xff"_cbor), "");
  EXPECT_NE(error_of<Inner>("\xbb\xff\xff\xff\xff\xff\xff\xff\xff"_cbor), "");
  Bytes deep = "\xa1\x61x"_cbor;
  deep.insert(deep.end(), 1'000'000, 0x81);
  EXPECT_EQ(error_of<Inner>(deep), "nested too deeply");
  std::fill(deep.begin() + 3, deep.end(), std::uint8_t{0xc1});  // tags of tags
  EXPECT_EQ(error_of<Inner>(deep), "the CBOR ends too early");
}

}  // namespace
}  // namespace ffi_cts::cbor
