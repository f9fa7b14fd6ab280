// A conversation with a peer: data, with one text form that reports print, case files hold and replays read.
//
//   j1 spawn a1
//   j2 echo a1 item(12,3) cut(4) head(t2) +
//   bad "send with a part more"
//
// j1 … j6 are the judge's actors. a1, a2 … are the peer's, made by `spawn`; `conformance` is the one that each peer
// registers, and `nobody` an id that none ever had. Conversations are totally valid after normalize().
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "harness/conversation/wire.hpp"

namespace ffi_cts::peer {

enum class Verb : std::uint8_t {
  echo,      // the same comes back: j1 echo a1 item(12,3)
  mumble,    // a payload that the actor ignores: j1 mumble a1 item(12,3)
  spawn,     // conformance makes an actor: j1 spawn a1
  exit,      // a1 ends: j1 exit a1 "reason"
  link_me,   // a1 links itself to j1: j1 link_me a1
  link,      // j1 links itself to a1: j1 link a1
  end,       // j1 ends: j1 end "reason"
  who,       // which proxy stands for j1: j1 who a1
  proxy_id,  // the message of that name: j1 proxy_id a1
  hail,      // a send_named to a name that nobody has: j1 hail "name"
  bad,       // what is no frame or no message: bad "send with a part more"
  error,     // the judge's transport_error: error "reason"
  flood,     // echoes of 24 KiB, so many of them, while nothing is read: j1 flood 1000
  wait,      // until all that is due has come
  close,     // the peer's input ends, without waiting for what is due
  vanish,    // both streams end
  half,      // the beginning of a frame, then the peer's input ends: half 7
  // The peer is the parent, and the judge its child:
  noise,     // frames and other bytes on the child's stderr: noise "text"
  shut,      // conformance closes the endpoint: j1 shut
  die,       // the child is killed
  stubborn,  // from now on the child ignores the end of its input and SIGTERM
};

inline constexpr int conformance = 0, nobody = -1;      // Step::to
inline constexpr std::uint32_t full_size = 0xffffffff;  // of an item: the frame is as long as it may be
inline constexpr int judges_actors = 6, most_actors = 8;

struct Form {
  std::uint32_t cut = 0;  // a pause of the writer after so many bytes; 0: none
  bool bytewise = false;  // … after each byte (of the first 64)
  HeadForm head = sent_head;
  bool joined = false;  // written together with the next step's frame
  bool odd() const { return cut != 0 || bytewise || head != sent_head || joined; }
  bool operator==(const Form&) const = default;
};

struct Step {
  Verb verb = Verb::echo;
  int from = 1;                      // a judge's actor, from 1
  int to = conformance;              // a peer's actor, from 1; conformance; nobody
  std::uint32_t size = 0, seed = 0;  // of the item; `size` also of flood and half
  std::string text = {};             // reason, name, noise; which fault
  Form form = {};
  bool operator==(const Step&) const = default;
};

struct Conversation {
  std::vector<Step> steps;
  bool operator==(const Conversation&) const = default;
};

// What a verb is made of, for text, generator and shrinker.
struct VerbShape {
  std::string_view name;
  bool from, to, item, text, size;  // which operands it has
  bool framed;                      // it sends one frame
  bool parent_only;                 // it needs a peer that is the parent
};
const VerbShape& shape(Verb verb);
bool ends(Verb verb);  // nothing is sent after it

// Leaves out steps that cannot be: an actor that is not there yet or is made twice, what comes after the end, an
// unknown fault.
Conversation normalize(Conversation conversation);

std::string to_text(const Step& step);
std::string to_text(const Conversation& conversation);

// what() is "line N: what is wrong".
struct ConversationError : std::runtime_error {
  using std::runtime_error::runtime_error;
};
// The conversation as it stands, not normalized; `#` begins a comment.
Conversation parse_conversation(std::string_view text);

// ---- what the steps send ----

// The ids of j1 … j6: one for each length that CBOR has for them.
std::uint64_t id_of_judge(int actor);
inline constexpr std::uint64_t id_of_nobody = 4'000'000'007,
                               id_of_asker = 7'777;  // the asker: who asks at the end whether all is well

// A well-formed item of about so many bytes, in any of CBOR's ways to write one. Same arguments, same bytes.
Bytes any_item(std::uint32_t size, std::uint32_t seed);

// Of the payload ["echo", [n, item]]: n, which is the step's number.
std::optional<std::uint64_t> echo_number(ByteView payload);

enum class FaultClass : std::uint8_t { none, frame, shape, message };  // WIRE-3, WIRE-4, WIRE-5
struct Fault {
  std::string name;
  FaultClass kind;
};
// All that `bad` can be, in both dialects.
const std::vector<Fault>& faults();
FaultClass fault_class(std::string_view name);  // none: there is no such fault
// The bytes of the stream. `limit`: of a frame's content.
Bytes fault_bytes(std::string_view name, Dialect dialect, std::size_t limit);

}  // namespace ffi_cts::peer
