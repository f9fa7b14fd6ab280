// Conversations from randomness, and shorter ones from longer ones.
#pragma once

#include <bitset>
#include <cstdint>
#include <vector>

#include "harness/conversation/conversation.hpp"

namespace ffi_cts::peer {

// What a conversation makes use of: each verb, each way to be odd on the wire, each class of faults.
using Traits = std::bitset<40>;
Traits traits_of(const Conversation& conversation);
std::string to_text(const Traits& traits);
// The commonest of them, without which there is hardly a conversation.
Traits common_traits();

// The conversation of that number. A random part of all verbs and forms is in use in each.
Conversation generate(std::uint64_t seed, std::uint64_t number, bool parent);

// Candidates that say less, the boldest first; each normalized, none like the conversation itself.
std::vector<Conversation> simpler(const Conversation& conversation);

}  // namespace ffi_cts::peer
