// The messages that frames carry, as spec/wire.cddl gives them. In each of them the first id is the sender's own, the
// second the receiver's. Payloads are one CBOR item that passes through byte for byte. Rules: WIRE-1, WIRE-4, WIRE-5,
// WIRE-6.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ffi_cts::cbor {
class Writer;
}

namespace ffi_cts::remote {

// How ids are written: n, or ["LPID", n] for the sender's and ["RPID", n] for the receiver's.
enum class Dialect : std::uint8_t { plain, tagged };

using Id = std::uint64_t;
// One CBOR item, encoded. Borrowed: a decoded message's lies in the frame that it was decoded from.
using Payload = std::span<const std::uint8_t>;

struct Send {
  Id from = 0, to = 0;
  Payload payload;
};
struct SendNamed {
  Id from = 0;
  std::string name;
  Payload payload;
};
struct Link {  // `from` wants to hear of the end of `to`
  Id from = 0, to = 0;
};
struct Exit {  // `who`, of the sender's, has ended
  Id who = 0;
  std::string reason;
};
struct TransportError {  // the sender ends the connection
  std::string reason;
};
struct ProxyId {  // the sender's proxy for `actor`, of the receiver's, has the id `proxy`
  Id proxy = 0, actor = 0;
};

struct MessageError {
  std::string text;  // why it is no message, for a transport_error
};

using Message = std::variant<MessageError, Send, SendNamed, Link, Exit, TransportError, ProxyId>;

// What a frame holds. Never throws for what the bytes are; they are all that it allocates for.
Message decode(std::span<const std::uint8_t> content, Dialect dialect = Dialect::plain);

// decode() for nearly all of them: whether it is a plain Send of definite length, and which. If not it may still be a
// message.
bool is_plain_send(std::span<const std::uint8_t> content, Send& send);

std::vector<std::uint8_t> encode(const Message& message, Dialect dialect = Dialect::plain);
// Writes all of it but the payload, which is returned and belongs behind: nobody has to copy it twice.
Payload encode_head(cbor::Writer& out, const Message& message, Dialect dialect);

// What encode_head() writes of a plain Send, without a Writer: nearly all messages are one.
class PlainSendHead {
 public:
  std::span<const std::uint8_t> write(Id from, Id to);  // valid as long as this and until the next call

 private:
  std::array<std::uint8_t, 6 + 9 + 9> bytes_;
};

// The beginning of a text, at most so many bytes, that ends with a whole character.
std::string_view beginning(std::string_view utf8, std::size_t most);

}  // namespace ffi_cts::remote
