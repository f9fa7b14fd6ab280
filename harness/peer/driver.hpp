// Holds conversations with a peer, each with a new process of it, and writes down what was seen.
#pragma once

#include <memory>

#include "harness/conversation/trace.hpp"
#include "harness/peer/process.hpp"

namespace ffi_cts::peer {

struct Manner {
  Dialect dialect = Dialect::plain;
  std::size_t limit = default_frame_limit;
};

class Driver {
 public:
  // The process that drives adopts what peers leave behind, and ignores SIGPIPE, from then on.
  Driver(Setup setup, Manner manner);
  ~Driver();

  // Ends in any case: a peer that hangs is killed. Throws std::runtime_error when the command cannot be started.
  Trace run(const Conversation& conversation);

 private:
  Setup setup_;
  Manner manner_;
  std::unique_ptr<Process> next_;  // started while the one before is still spoken to: peers may take long to start
};

}  // namespace ffi_cts::peer
