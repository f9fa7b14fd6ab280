#include "harness/conversation/wire.hpp"

#include <gtest/gtest.h>

#include "harness/conversation/conversation.hpp"

namespace ffi_cts::peer {
namespace {

Bytes bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

std::string why(ByteView content, Dialect dialect = Dialect::plain) {
  const auto read = read_message(content, dialect);
  const auto* what = std::get_if<std::string>(&read);
  return what ? *what : "";
}

TEST(Wire, WhatIsWrittenIsReadInBothDialects) {
  for (const Dialect dialect : {Dialect::plain, Dialect::tagged})
    for (std::size_t kind = 0; kind < message_names.size(); ++kind) {
      Message message{static_cast<MessageKind>(kind)};
      if (message.kind != MessageKind::transport_error) message.local = 300;
      if (message.kind == MessageKind::send || message.kind == MessageKind::link ||
          message.kind == MessageKind::proxy_id)
        message.remote = 7;
      if (message.kind == MessageKind::send_named || message.kind == MessageKind::exit ||
          message.kind == MessageKind::transport_error)
        message.text = "why";
      if (message.kind == MessageKind::send || message.kind == MessageKind::send_named)
        message.payload = {0x81, 0x18, 0x01};
      const Bytes content = write_message(message, dialect);
      const auto read = read_message(content, dialect);
      ASSERT_TRUE(std::holds_alternative<Message>(read)) << std::get<std::string>(read);
      EXPECT_EQ(write_message(std::get<Message>(read), dialect), content);
      const std::string other = why(content, dialect == Dialect::plain ? Dialect::tagged : Dialect::plain);
      EXPECT_EQ(other.empty(), message.kind == MessageKind::transport_error);
    }
}

TEST(Wire, EveryFaultIsToldAndNoGoodMessageIs) {
  for (const Dialect dialect : {Dialect::plain, Dialect::tagged})
    for (const Fault& fault : faults()) {
      FrameReader reader;
      reader.feed(fault_bytes(fault.name, dialect, default_frame_limit));
      const auto frame = reader.next();
      if (fault.kind == FaultClass::frame) {
        const bool told = !frame || frame->content.size() > default_frame_limit || !reader.broken().empty();
        EXPECT_TRUE(told) << fault.name;
      } else {
        ASSERT_TRUE(frame) << fault.name;
        EXPECT_NE(why(frame->content, dialect), "") << fault.name;
      }
    }
}

TEST(Wire, AFrameIsReadHoweverItIsCutAndItsHeadIsKept) {
  const Bytes content = bytes("\x82\x01\x02");
  for (std::size_t form = 0; form < head_names.size(); ++form) {
    FrameReader reader;
    std::optional<Frame> frame;
    for (const std::uint8_t byte : write_frame(content, static_cast<HeadForm>(form))) {
      EXPECT_FALSE(frame);
      reader.feed(Bytes{byte});
      frame = reader.next();
    }
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->content, content);
    EXPECT_EQ(frame->head.size(), write_frame(content, static_cast<HeadForm>(form)).size() - 3);
  }
}

TEST(Wire, TheSizeOfAnItemIsThatOfOneWellFormedItem) {
  EXPECT_EQ(item_size(Bytes{0x01, 0x02}), 1u);
  EXPECT_EQ(item_size(Bytes{0x9f, 0x01, 0xff, 0x00}), 3u);
  EXPECT_EQ(item_size(Bytes{0x5f, 0x41, 0x00, 0xff}), 4u);
  for (const Bytes& none :
       {Bytes{}, Bytes{0x82, 0x01}, Bytes{0xff}, Bytes{0x1c}, Bytes{0x5f, 0x61, 'x', 0xff}, Bytes{0xbf, 0x01, 0xff},
        Bytes{0xf8, 0x10}, Bytes{0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, Bytes(1000, 0x81)})
    EXPECT_FALSE(item_size(none)) << to_hex(none);
}

TEST(Wire, EveryItemIsOneWellFormedItemAndStaysTheSame) {
  for (std::uint32_t seed = 0; seed < 500; ++seed)
    for (const std::uint32_t size : {0u, 1u, 8u, 40u, 400u, 3000u}) {
      const Bytes item = any_item(size, seed);
      EXPECT_EQ(item_size(item), item.size());
      EXPECT_TRUE(decode(item)) << decode(item).error->what << " " << to_hex(item);
      EXPECT_EQ(item, any_item(size, seed));
    }
}

}  // namespace
}  // namespace ffi_cts::peer
