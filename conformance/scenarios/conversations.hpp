// Conversations that chance rarely makes, for peers: each is held once in a run, before the generated ones.
#pragma once

#include <vector>

#include "harness/peer/engine.hpp"

namespace ffi_cts::scenarios {

// Of a peer that is the parent, or the child. Named after the rules that they are for.
std::vector<peer::Opening> conversations(bool parent);

}  // namespace ffi_cts::scenarios
