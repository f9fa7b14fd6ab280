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

const Message all[] = {Send{1, 2, {}},  SendNamed{1, "bob", {}},    Link{1, 2},
                       Exit{1, "done"}, TransportError{"no frame"}, ProxyId{1, 2}};

// The payload of `all` where there is one.
Message with_payload(Message message, Payload payload) {
  if (auto* send = std::get_if<Send>(&message)) send->payload = payload;
  if (auto* named = std::get_if<SendNamed>(&message)) named->payload = payload;
  return message;
}

TEST(Message, EachHasItsBytesInBothDialects) {
  const Bytes payload = "\xf5"_cbor;
  const Bytes plain[] = {"\x84\x64send\x01\x02\xf5"_cbor,
                         "\x84\x6asend_named\x01\x63"
                         "bob\xf5"_cbor,
                         "\x83\x64link\x01\x02"_cbor,
                         "\x83\x64"
                         "exit\x01\x64"
                         "done"_cbor,
                         "\x82\x6ftransport_error\x68no frame"_cbor,
                         "\x83\x68proxy_id\x01\x02"_cbor};
  const Bytes tagged[] = {"\x84\x64send\x82\x64LPID\x01\x82\x64RPID\x02\xf5"_cbor,
                          "\x84\x6asend_named\x82\x64LPID\x01\x63"
                          "bob\xf5"_cbor,
                          "\x83\x64link\x82\x64LPID\x01\x82\x64RPID\x02"_cbor,
                          "\x83\x64"
                          "exit\x82\x64LPID\x01\x64"
                          "done"_cbor,
                          "\x82\x6ftransport_error\x68no frame"_cbor,
                          "\x83\x68proxy_id\x82\x64LPID\x01\x82\x64RPID\x02"_cbor};
  for (std::size_t i = 0; i < std::size(all); ++i) {
    const Message message = with_payload(all[i], payload);
    EXPECT_EQ(encode(message, Dialect::plain), plain[i]) << i;
    EXPECT_EQ(encode(message, Dialect::tagged), tagged[i]) << i;
    EXPECT_EQ(decode(plain[i], Dialect::plain).index(), message.index()) << i;
    EXPECT_EQ(encode(decode(tagged[i], Dialect::tagged), Dialect::tagged), tagged[i]);
  }
}

TEST(Message, WithAnItemLessOrMoreOrWithoutItsEndItIsNone) {
  const Bytes payload = "\xf5"_cbor;
  for (const Dialect dialect : {Dialect::plain, Dialect::tagged}) {
    for (const Message& bare : all) {
      const Bytes whole = encode(with_payload(bare, payload), dialect);
      for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_TRUE(std::holds_alternative<MessageError>(decode(std::span(whole).first(size), dialect))) << size;
      for (const int arity : {-1, 1, 2}) {
        Bytes other = whole;
        other[0] = static_cast<std::uint8_t>(other[0] + arity);
        other.insert(other.end(), {0x01, 0x01});
        EXPECT_TRUE(std::holds_alternative<MessageError>(decode(other, dialect))) << arity;
      }
    }
  }
}

// WIRE-4: definite lengths, in whatever heads. A payload is free.
TEST(Message, WhatHasNoLengthInItsHeadIsNoMessageAndALongHeadIsFine) {
  for (const Bytes& content : {"\x9f\x64link\x01\x02\xff"_cbor, "\x83\x7f\x62li\x62nk\xff\x01\x02"_cbor,
                               "\x83\x64"
                               "exit\x01\x7f\x61x\xff"_cbor,
                               "\x9f\x64send\x01\x02\x03\xff"_cbor}) {
    const auto message = decode(content);
    ASSERT_TRUE(std::holds_alternative<MessageError>(message));
    EXPECT_NE(std::get<MessageError>(message).text.find("an item of definite length is due"), std::string::npos);
  }
  for (const Bytes& id : {"\x9f\x64LPID\x01\xff"_cbor, "\x82\x7f\x64LPID\xff\x01"_cbor}) {
    Bytes content =
        "\x83\x64"
        "exit"_cbor;
    content.insert(content.end(), id.begin(), id.end());
    content.insert(content.end(), {0x61, 'x'});
    EXPECT_TRUE(std::holds_alternative<MessageError>(decode(content, Dialect::tagged)));
  }
  for (const Bytes& content :
       {"\x98\x03\x64link\x01\x02"_cbor, "\x83\x78\x04link\x18\x01\x1b\x00\x00\x00\x00\x00\x00\x00\x02"_cbor}) {
    const auto message = decode(content);
    ASSERT_TRUE(std::holds_alternative<Link>(message));
    EXPECT_EQ(std::get<Link>(message).to, 2U);
  }
  EXPECT_TRUE(std::holds_alternative<Send>(decode("\x84\x64send\x01\x02\x9f\x01\xff"_cbor)));
}

TEST(Message, TheOtherDialectIsNone) {
  for (const Message& bare : all) {
    if (std::holds_alternative<TransportError>(bare)) continue;
    const Bytes payload{0x01};
    const Message message = with_payload(bare, payload);
    const Bytes plain = encode(message, Dialect::plain), tagged = encode(message, Dialect::tagged);
    EXPECT_TRUE(std::holds_alternative<MessageError>(decode(plain, Dialect::tagged)));
    EXPECT_TRUE(std::holds_alternative<MessageError>(decode(tagged, Dialect::plain)));
  }
  const auto swapped = decode("\x83\x64link\x82\x64RPID\x01\x82\x64LPID\x02"_cbor, Dialect::tagged);
  EXPECT_EQ(std::get<MessageError>(swapped).text, "ill-formed message: link: [\"LPID\", n] is due");
}

TEST(Message, AnyWellFormedPayloadIsTakenAndAnyOtherIsNot) {
  const auto taken = [](const Bytes& payload) {
    return std::holds_alternative<Send>(decode(encode(Send{1, 2, payload})));
  };
  EXPECT_TRUE(taken("\x62\xff\xfe"_cbor));  // a text that is no UTF-8: somebody else's business
  EXPECT_TRUE(taken("\xf0"_cbor));          // a simple value that nobody knows
  Bytes deep(10'000, 0x81);
  deep.push_back(0x01);
  EXPECT_TRUE(taken(deep));
  deep.pop_back();
  EXPECT_FALSE(taken(deep));
  for (const Bytes& payload :
       {"\xff"_cbor, "\x9f\x01"_cbor, "\xbf\x01\xff"_cbor, "\xf8\x01"_cbor, "\x1c"_cbor,
        "\x9b\xff\xff\xff\xff\xff\xff\xff\xff"_cbor, "\x5f\x61x\xff"_cbor, ""_cbor, "\x01\x01"_cbor})
    EXPECT_FALSE(taken(payload));
}

TEST(Message, NoBytesMakeItCrash) {
  std::uint32_t random = 1;
  for (const Dialect dialect : {Dialect::plain, Dialect::tagged}) {
    for (const Message& bare : all) {
      const Bytes payload{0x82, 0x01, 0x41, 0x00}, whole = encode(with_payload(bare, payload), dialect);
      for (std::size_t at = 0; at < whole.size(); ++at) {
        for (int byte = 0; byte < 256; ++byte) {
          Bytes other = whole;
          other[at] = static_cast<std::uint8_t>(byte);
          decode(other, dialect);
          random = random * 1'664'525 + 1'013'904'223;
          other[(random >> 8) % other.size()] = static_cast<std::uint8_t>(random >> 24);
          decode(other, dialect);
        }
      }
    }
  }
}

TEST(Message, AnUnknownNameIsQuotedInPart) {
  std::string name;
  for (int i = 0; i < 100; ++i) name += "\xc3\xa9";
  const Bytes head = "\x81\x78\xc8"_cbor;
  Bytes content = head;
  content.insert(content.end(), name.begin(), name.end());
  EXPECT_EQ(std::get<MessageError>(decode(content)).text, "unknown message '" + name.substr(0, 100) + "'");
  EXPECT_EQ(beginning(name, 99), name.substr(0, 98));
}

}  // namespace
}  // namespace ffi_cts::remote
