// The wire of chapter 9, written and read for judging peers: nothing of it is shared with the reference, which is
// judged by it, too. Unlike a peer's, this reader tells how each frame was written, and goes on where it can.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "harness/value/value.hpp"

namespace ffi_cts::peer {

inline constexpr std::size_t default_frame_limit = 32'768;  // bytes of a frame's content

enum class Dialect : std::uint8_t { plain, tagged };  // ids as 7, or as ["LPID", 7] and ["RPID", 7]
enum class MessageKind : std::uint8_t { send, send_named, link, exit, transport_error, proxy_id };
inline constexpr std::array<std::string_view, 6> message_names{"send", "send_named",      "link",
                                                               "exit", "transport_error", "proxy_id"};

// `local` is the sender's id, `remote` the receiver's.
struct Message {
  MessageKind kind = MessageKind::send;
  std::uint64_t local = 0, remote = 0;
  std::string text = {};  // the name of send_named; the reason of exit and transport_error
  Bytes payload = {};     // of send and send_named: one item, as it lies in the message
};

// Byte or text string, and how many bytes of length follow the first byte.
enum class HeadForm : std::uint8_t { b0, b1, b2, b4, b8, t0, t1, t2, t4, t8 };
inline constexpr std::array<std::string_view, 10> head_names{"b0", "b1", "b2", "b4", "b8",
                                                             "t0", "t1", "t2", "t4", "t8"};
inline constexpr HeadForm sent_head = HeadForm::b4;  // what WIRE-1 asks senders for

// Appends a head of major type `major` (0 to 7) with the argument in as few bytes as `least` (0, 1, 2, 4 or 8) and its
// size allow.
void write_head(Bytes& out, unsigned major, std::uint64_t argument, unsigned least = 0);
void write_text(Bytes& out, std::string_view text);
// A form that is too short for the content becomes the next longer one.
Bytes write_frame(ByteView content, HeadForm form = sent_head);
Bytes write_message(const Message& message, Dialect dialect);

// The size of the one well-formed item that the bytes begin with; nothing if there is none (nested at most 200 deep).
std::optional<std::size_t> item_size(ByteView bytes);

// The message, or why the content is none.
std::variant<Message, std::string> read_message(ByteView content, Dialect dialect);

struct Frame {
  Bytes head, content;
};
// A stream cut into frames, with any definite head and of any size up to 64 MiB.
class FrameReader {
 public:
  void feed(ByteView bytes) { buffer_.insert(buffer_.end(), bytes.begin(), bytes.end()); }
  std::optional<Frame> next();
  // Why there will be no more frames; empty while there may be.
  const std::string& broken() const { return broken_; }
  ByteView rest() const { return ByteView(buffer_).subspan(begin_); }

 private:
  Bytes buffer_;
  std::size_t begin_ = 0;
  std::string broken_;
};

// "5a0000000a 84…", at most so many bytes of it.
std::string to_hex(ByteView bytes, std::size_t most = 24);
// For people: `send 7 -> 1 ["echo", 5]`, `exit 7 "normal"`.
std::string to_text(const Message& message);

}  // namespace ffi_cts::peer
