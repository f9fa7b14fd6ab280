// The payloads that the conformance actor understands.
#pragma once

#include <optional>
#include <string_view>

#include "harness/conversation/conversation.hpp"

namespace ffi_cts::peer {

// [word], or [word, second], the second being an encoded item.
Bytes payload_of(std::string_view word, const std::optional<Bytes>& second = {});
Bytes text_item(std::string_view text);
Bytes number_item(std::uint64_t number);
Bytes bytes_item(std::uint32_t size);
// What an actor has no use for.
Bytes useless_payload(const Step& step);

}  // namespace ffi_cts::peer
