// The link between parent and worker: framed CBOR, `send` messages whose payload is a list with a word first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/value/value.hpp"
#include "reference/remote/frame.hpp"

namespace ffi_cts {

constexpr std::size_t link_frame_limit = 64u << 20;

// Writes one message whole. False: the other end is gone.
bool send_message(int fd, const List& payload);

class LinkReader {
 public:
  // Reads what there is (blocking if the descriptor blocks). False: end of the stream, or a broken one.
  bool fill(int fd);
  // The next message's payload.
  std::optional<List> next();

 private:
  remote::FrameReader frames_{link_frame_limit};
  bool broken_ = false;
};

}  // namespace ffi_cts
