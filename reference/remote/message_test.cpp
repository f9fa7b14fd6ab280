#include "reference/remote/message.hpp"

#include <gtest/gtest.h>

namespace ffi_cts::remote {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes operator""_cbor(const char* text, std::size_t size) {
  return Bytes(text, text + size);
}

TEST(Message, SendIsAListOfFour) {
  const Bytes payload = "\xa1\x01\x02"_cbor;
  EXPECT_EQ(encode(Send{1, 300, payload}), "\x84\x64send\x01\x19\x01\x2c\xa1\x01\x02"_cbor);
}

TEST(Message, ThePayloadPassesThroughByteForByte) {
  // Not in the shortest form, indefinite, tagged, nested: as it came.
  for (const Bytes& payload :
       {"\x18\x01"_cbor, "\x9f\xc1\x1b\x00\x00\x00\x00\x00\x00\x00\x05\xff"_cbor, "\x5f\x41x\xff"_cbor, "\xf6"_cbor}) {
    const Bytes encoded = encode(Send{~std::uint64_t{0}, 0, payload});
    const auto decoded = decode(encoded);
    const auto* send = std::get_if<Send>(&decoded);
    ASSERT_NE(send, nullptr);
    EXPECT_EQ(send->from, ~std::uint64_t{0});
    EXPECT_EQ(send->to, 0U);
    EXPECT_EQ(Bytes(send->payload.begin(), send->payload.end()), payload);
  }
}

TEST(Message, EverythingElseIsAnErrorThatSaysWhy) {
  const auto error = [](const Bytes& content) {
    const auto decoded = decode(content);
    const auto* failure = std::get_if<MessageError>(&decoded);
    return failure == nullptr ? "" : failure->text;
  };
  EXPECT_EQ(error("\x84\x64sent\x01\x02\x03"_cbor), "unknown message 'sent'");
  EXPECT_EQ(error("\x83\x64send\x01\x02"_cbor), "ill-formed message: send: the payload is missing");
  EXPECT_EQ(error("\x85\x64send\x01\x02\x03\x04"_cbor), "ill-formed message: send: it is too long");
  EXPECT_EQ(error("\x84\x64send\x20\x02\x03"_cbor), "ill-formed message: send: an unsigned integer is due");
  EXPECT_EQ(error("\x84\x64send\x01\x02\x03\x04"_cbor), "ill-formed message: bytes after the item");
  for (const Bytes& content :
       {""_cbor, "\x80"_cbor, "\xa0"_cbor, "\x84\x64send\x01\x02"_cbor, "\x84\x01"_cbor, "\xff"_cbor}) {
    EXPECT_NE(error(content), "");
  }
}

}  // namespace
}  // namespace ffi_cts::remote
