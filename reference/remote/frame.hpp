// Frames: how messages lie in a stream of bytes. A frame is one CBOR string whose content is exactly one CBOR item.
// Senders write the head as 5a and four bytes of length; receivers take every definite head, however the stream is cut.
// Rules: WIRE-1, WIRE-2, WIRE-3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ffi_cts::remote {

inline constexpr std::size_t default_frame_limit = 32'768;

// Appends one frame. The content is one CBOR item of less than 4 GiB, and the receiver's limit allows it. It may come
// in two parts: what is before a message's payload, and the payload.
void write_frame(std::vector<std::uint8_t>& out, std::span<const std::uint8_t> content,
                 std::span<const std::uint8_t> rest = {});

struct FrameError {
  std::string text;  // what the stream did wrong, for a transport_error
};

// Takes the stream in pieces as they come and hands out the contents of its frames:
//
//   reader.feed(piece);
//   while (auto content = reader.next()) …
//   if (reader.error()) …
//
// or, without a copy, what was read into space(): `reader.filled(read(fd, space.data(), space.size()))`.
// An error is final: the stream has no next frame that could be found. It is known as soon as the head is, so no more
// than the limit (and what one feed brought) is ever kept.
class FrameReader {
 public:
  explicit FrameReader(std::size_t limit = default_frame_limit) : limit_(limit) {}

  void feed(std::span<const std::uint8_t> piece);
  // Room for at least so many bytes of the stream, until the next call; filled() says how many came.
  std::span<std::uint8_t> space(std::size_t size);
  void filled(std::size_t size) noexcept { end_ += size; }
  // The content stays valid until the next feed() or space().
  std::optional<std::span<const std::uint8_t>> next();
  const std::optional<FrameError>& error() const noexcept { return error_; }
  // Whether the stream, if it ends here, ends within a frame.
  bool inside_a_frame() const noexcept { return begin_ < end_; }

 private:
  struct Head {
    std::size_t size;
    std::uint64_t content;
  };
  std::optional<Head> head();  // nothing: not all there yet, or error_

  std::size_t limit_;
  std::vector<std::uint8_t> buffer_;  // longer than what it holds, so that reading needs no zeros written first
  std::size_t begin_ = 0, end_ = 0;   // of what next() has not handed out
  std::optional<FrameError> error_;
};

}  // namespace ffi_cts::remote
