// The messages that frames carry. So far one: ["send", from, to, payload]; ids are unsigned integers, and the payload is
// one CBOR item that passes through byte for byte.
// Rules: WIRE-4 (send), WIRE-5, WIRE-6.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace ffi_cts::remote {

struct Send {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::span<const std::uint8_t> payload;  // a decoded one points into the frame's content
};

struct MessageError {
  std::string text;  // why it is no message, for a transport_error
};

std::vector<std::uint8_t> encode(const Send& message);
std::variant<Send, MessageError> decode(std::span<const std::uint8_t> content);

}  // namespace ffi_cts::remote
