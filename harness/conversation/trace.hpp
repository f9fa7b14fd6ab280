// What was seen of one conversation. Judges of peers read this and nothing else.
//
// Events stand in the order in which the judge's side did or saw them. A frame that was sent may be taken by the peer
// at any later time; a frame that was received was sent at any earlier one. So only what the peer does about a frame
// tells that it was taken, and what comes later in the same stream is taken later.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/conversation/conversation.hpp"

namespace ffi_cts::peer {

enum class Seen : std::uint8_t {
  sent,        // a frame, or what is none
  received,    // a frame
  unreadable,  // what the peer wrote is no frame; nothing after it is read
  line,        // of its stderr
  noise,       // a line that the judge, as its child, wrote to the child's stderr
  settled,     // all that was due by then had come
  stalled,     // something due had not come; the peer slept and nothing moved
  closed,      // the judge ended the peer's input, or both streams, or its own life
  ended,       // the peer's output ended
  exited,      // its process
};

struct Event {
  Seen seen = Seen::sent;
  int step = 0;  // of the conversation, from 1; 0: the judge's own
  std::optional<Message> message = {};
  Bytes head = {}, content = {};  // of a frame; of a fault or what is unreadable: `content` is all of it
  std::string text = {};  // of a line; why a received frame's content is no message, why the output is unreadable
  FaultClass fault = FaultClass::none;
  std::uint64_t to_id = 0;  // sent: the peer's actor that it is for, where it has an id
  std::uint64_t at_us = 0;  // since the conversation began
};

// Where a flood (Verb::flood) ended.
struct Flood {
  std::size_t event = 0;    // the first of its frames
  std::uint64_t sent = 0;   // bytes that the peer took while nothing of its output was read
  std::uint64_t grown = 0;  // bytes by which its memory grew
  bool held_back = false;   // it took no more
};

// The child that a parent under test had started.
struct Child {
  bool begun = false;
  bool stubborn = false;       // it ignored the end of its input and SIGTERM
  bool let_go = false;         // it ended by itself, as children do after the end of their input
  bool told_to_end = false;    // SIGTERM came
  bool killed = false;         // it was gone, and neither the judge nor SIGTERM had ended it
  bool pressed_early = false;  // SIGTERM or SIGKILL came before the end of its input
  bool left = false;           // the parent was gone, and its child was still there or never waited for
};

struct Trace {
  Conversation conversation;
  Dialect dialect = Dialect::plain;
  std::size_t limit = default_frame_limit;
  bool parent = false;  // the peer is the parent
  std::vector<Event> events;

  // How the peer's process ended. `killed`: it did not by itself.
  bool exited = false, killed = false;
  int status = 0, signal = 0;
  std::optional<Flood> flood;
  Child child;

  const Step* step_of(const Event& event) const {
    return event.step > 0 ? &conversation.steps[static_cast<std::size_t>(event.step - 1)] : nullptr;
  }
};

}  // namespace ffi_cts::peer
