#include <chrono>
#include <cstdlib>
#include <new>
#include <random>

#include <gmock/gmock.h>

#include "harness/value/value.hpp"

// Counts what this program asks for, to see that a payload cannot make the decoder ask for much more than its size.
// Not inlined: g++ would see `new` freed by `free` and warn.
static std::size_t bytes_asked_for = 0;
[[gnu::noinline]] void* operator new(std::size_t size) {
  bytes_asked_for += size;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace ffi_cts {
namespace {

struct Broken {
  const char* why;
  Bytes bytes;
  std::size_t offset;
  const char* what;
};

TEST(MalformedCbor, IsRefusedWithTheOffsetAndTheReason) {
  const std::vector<Broken> all = {
      {"nothing", {}, 0, "no item: the payload is empty"},
      {"two items", {0x01, 0x02, 0x03}, 1, "2 bytes follow the item"},
      {"one more byte", {0xf6, 0x00}, 1, "1 byte follows the item"},
      {"integer cut", {0x19, 0x01}, 2, "ends inside an integer"},
      {"negative integer cut", {0x3b, 0x01}, 2, "ends inside an integer"},
      {"text cut", {0x63, 'a', 'b'}, 3, "ends inside a text string"},
      {"bytes cut", {0x43, 1, 2}, 3, "ends inside a byte string"},
      {"text length cut", {0x78}, 1, "ends inside a text string"},
      {"float cut", {0xfb, 1, 2, 3}, 4, "ends inside a float or simple value"},
      {"simple value cut", {0xf8}, 1, "ends inside a float or simple value"},
      {"simple value in the long form", {0xf8, 0x18}, 1, "simple value below 32 in two bytes"},
      {"list cut", {0x83, 1, 2}, 3, "ends inside a list of 3"},
      {"map without its last value", {0xa1, 0x01}, 2, "ends inside a map of 1"},
      {"list whose item eats the next", {0x82, 0x61, 'a'}, 3, "ends where an item is expected"},
      {"indefinite list without break", {0x9f, 0x01}, 2, "ends where an item is expected"},
      {"indefinite text without break", {0x7f, 0x61, 'a'}, 3, "ends inside a text string"},
      {"indefinite map with a key only", {0xbf, 0x01, 0xff}, 2, "break outside an item of indefinite length"},
      {"break alone", {0xff}, 0, "break outside an item of indefinite length"},
      {"break in a definite list", {0x81, 0xff}, 1, "break outside an item of indefinite length"},
      {"break after a tag", {0x9f, 0xc1, 0xff}, 2, "break outside an item of indefinite length"},
      {"tag without item", {0xc1}, 1, "ends where an item is expected"},
      {"tag cut", {0xd9, 0x01}, 2, "ends inside a tag"},
      {"reserved tag", {0xdc, 0x01}, 0, "reserved byte in the head of a tag"},
      {"indefinite tag", {0xdf, 0x01}, 0, "reserved byte in the head of a tag"},
      {"reserved integer", {0x1c}, 0, "reserved byte in the head of an integer"},
      {"indefinite integer", {0x1f}, 0, "reserved byte in the head of an integer"},
      {"indefinite negative", {0x3f}, 0, "reserved byte in the head of an integer"},
      {"reserved bytes", {0x5e}, 0, "reserved byte in the head of a byte string"},
      {"reserved list", {0x9d}, 0, "reserved byte in the head of a list"},
      {"reserved simple", {0xfd}, 0, "reserved byte in the head of a float or simple value"},
      {"bytes inside text", {0x7f, 0x41, 1, 0xff}, 1, "chunk of a text string is something else"},
      {"indefinite inside indefinite", {0x5f, 0x5f, 0xff, 0xff}, 1, "chunk of a byte string is something else"},
      {"text that is no UTF-8", {0x81, 0x62, 0xc3, 0x28}, 1, "text string is not UTF-8"},
      {"character split between chunks", {0x7f, 0x61, 0xc3, 0x61, 0xbc, 0xff}, 1, "text string is not UTF-8"},
      {"key that is no UTF-8", {0xa1, 0x61, 0x80, 0x01}, 1, "text string is not UTF-8"},
  };
  for (const auto& [why, bytes, offset, what] : all) {
    const auto decoded = decode(bytes);
    ASSERT_FALSE(decoded) << why;
    ASSERT_TRUE(decoded.error) << why;
    EXPECT_EQ(decoded.error->what, what) << why;
    EXPECT_EQ(decoded.error->offset, offset) << why;
  }
}

TEST(MalformedCbor, OfNineBytesThatDeclareAHugeLengthIsRefusedWithoutMemory) {
  const std::size_t before = bytes_asked_for;
  for (const std::uint8_t head : Bytes{0x5b, 0x7b, 0x9b, 0xbb}) {
    for (const std::uint8_t top : Bytes{0x00, 0x7f, 0xff}) {
      const Bytes bytes = {head, top, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
      const auto decoded = decode(bytes);
      ASSERT_FALSE(decoded);
      EXPECT_EQ(decoded.error->offset, 9u);
    }
  }
  EXPECT_LT(bytes_asked_for - before, 10'000u);
}

TEST(MalformedCbor, ThatDeclaresMuchAtEveryLevelCostsMemoryInProportionToItsSize) {
  // Each level declares as many items as bytes follow, so that reserving them would add up to gigabytes.
  Bytes bytes;
  for (int level = 0; level < 250; ++level) bytes.insert(bytes.end(), {0x9a, 0x00, 0x0f, 0x00, 0x00});
  bytes.resize(1'000'000, 0xf6);
  const std::size_t before = bytes_asked_for;
  EXPECT_FALSE(decode(bytes));
  EXPECT_LT(bytes_asked_for - before, 200 * bytes.size()) << "a list that grows asks for twice its size, at 40 bytes an item";
}

TEST(MalformedCbor, NestedDeeperThan256IsRefusedAndAt256Read) {
  for (const std::uint8_t head : Bytes{0x81, 0x9f}) {
    Bytes bytes(256, head);
    bytes.push_back(0x01);
    if (head == 0x9f) bytes.resize(bytes.size() + 256, 0xff);
    EXPECT_TRUE(decode(bytes));
    bytes.insert(bytes.begin(), head);
    const auto decoded = decode(bytes);
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error->what, "nested deeper than 256");
    EXPECT_EQ(decoded.error->offset, 256u);
  }
  EXPECT_FALSE(decode(Bytes(1'000'000, 0x81)));
}

TEST(MalformedCbor, OfAMillionTagsNeedsNoStack) {
  Bytes bytes(1'000'000, 0xc1);
  EXPECT_FALSE(decode(bytes));
  bytes.push_back(0x05);
  EXPECT_EQ(*decode(bytes).value, Value(5));
}

TEST(MalformedCbor, OfRandomBytesNeitherCrashesNorTakesLong) {
  std::mt19937_64 random(3);
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 10'000; ++i) {
    Bytes bytes(random() % 200);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    const auto decoded = decode(bytes);
    ASSERT_NE(decoded.value.has_value(), decoded.error.has_value());
    if (decoded) {
      ASSERT_TRUE(decode(encode(*decoded.value)));
    } else {
      ASSERT_LE(decoded.error->offset, bytes.size());
    }
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(Cbor, OfASmallRequestIsReadManyThousandTimesInASecond) {
  const Bytes bytes = encode(Map{{"req", Map{{"message", "hello"}, {"delayMs", 0}}}});
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 100'000; ++i) ASSERT_TRUE(decode(bytes));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  RecordProperty("decodes_per_second", static_cast<int>(100'000 / took.count()));
  EXPECT_LT(took.count(), 10) << "with room for a sanitizer on a busy machine";
}

}  // namespace
}  // namespace ffi_cts
