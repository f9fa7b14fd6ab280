#include "reference/remote/frame.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ffi_cts::remote {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::vector<Bytes> read_all(FrameReader& reader, const Bytes& stream, std::size_t piece) {
  std::vector<Bytes> contents;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    reader.feed(std::span(stream).subspan(at, std::min(piece, stream.size() - at)));
    while (const auto content = reader.next()) contents.emplace_back(content->begin(), content->end());
  }
  return contents;
}

TEST(Frame, TheHeadIs5aAndTheLengthInFourBytes) {
  Bytes out;
  write_frame(out, Bytes{0x01});
  EXPECT_EQ(out, (Bytes{0x5a, 0, 0, 0, 1, 0x01}));
  write_frame(out, Bytes(70'000, 7));
  EXPECT_EQ(Bytes(out.begin() + 6, out.begin() + 11), (Bytes{0x5a, 0x00, 0x01, 0x11, 0x70}));
}

TEST(Frame, AnyFragmentationGivesTheSameFrames) {
  const std::vector<Bytes> contents{{0x01}, {}, Bytes(300, 0x20), {0x63, 'a', 'b', 'c'}};
  Bytes stream;
  for (const auto& content : contents) write_frame(stream, content);
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    FrameReader reader;
    EXPECT_EQ(read_all(reader, stream, piece), contents) << piece;
    EXPECT_FALSE(reader.error());
    EXPECT_FALSE(reader.inside_a_frame());
  }
}

TEST(Frame, EveryDefiniteHeadIsTaken) {
  const Bytes content{'h', 'i'};
  for (const int major : {0x40, 0x60}) {
    for (const Bytes& head : {Bytes{0x02}, Bytes{0x18, 2}, Bytes{0x19, 0, 2}, Bytes{0x1a, 0, 0, 0, 2},
                              Bytes{0x1b, 0, 0, 0, 0, 0, 0, 0, 2}}) {
      Bytes stream = head;
      stream[0] = static_cast<std::uint8_t>(stream[0] | major);
      stream.insert(stream.end(), content.begin(), content.end());
      FrameReader reader;
      EXPECT_EQ(read_all(reader, stream, 1), std::vector<Bytes>{content});
    }
  }
}

TEST(Frame, AFrameOfTheLimitIsTakenAndOneByteMoreIsAnErrorAtItsHead) {
  Bytes stream;
  write_frame(stream, Bytes(default_frame_limit, 1));
  FrameReader reader;
  EXPECT_EQ(read_all(reader, stream, stream.size()).size(), 1U);
  reader.feed(Bytes{0x5a, 0, 0, 0x80, 0x01});
  EXPECT_FALSE(reader.next());
  ASSERT_TRUE(reader.error());
  EXPECT_EQ(reader.error()->text, "a frame of 32769 bytes is over the limit of 32768");
  reader.feed(Bytes(100, 0x40));  // an error is final
  EXPECT_FALSE(reader.next());
  FrameReader huge;
  huge.feed(Bytes{0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
  EXPECT_FALSE(huge.next());
  EXPECT_TRUE(huge.error());
}

TEST(Frame, AHeadThatIsNoDefiniteStringIsAnErrorThatNamesIt) {
  for (const std::uint8_t head : Bytes{0x00, 0x3f, 0x5c, 0x5f, 0x7f, 0x80, 0xa0, 0xf6, 0xff}) {
    FrameReader reader;
    reader.feed(Bytes{head});
    EXPECT_FALSE(reader.next());
    ASSERT_TRUE(reader.error()) << int{head};
  }
  FrameReader reader;
  reader.feed(Bytes{0x41, 0x00, 0x5f});
  EXPECT_TRUE(reader.next());
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.error()->text, "a frame begins with 5f, which is no head of a definite string");
}

TEST(Frame, TheStreamsEndWithinAFrameCanBeTold) {
  FrameReader reader;
  reader.feed(Bytes{0x42, 0x00});
  EXPECT_FALSE(reader.next());
  EXPECT_TRUE(reader.inside_a_frame());
}

}  // namespace
}  // namespace ffi_cts::remote
