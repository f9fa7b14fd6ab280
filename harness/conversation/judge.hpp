// How the harness is given the rules for peers: like those for libraries, as a table of functions.
#pragma once

#include <ffi_cts/rule_table.hpp>

#include "harness/conversation/trace.hpp"
#include "harness/trace/verdict.hpp"

namespace ffi_cts::peer {

// Stamps in verdicts are places in Trace::events.
struct Judge {
  spec::RuleId rule;
  Verdict (*judge)(const Trace& trace);
};

}  // namespace ffi_cts::peer
