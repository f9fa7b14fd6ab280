#include "harness/peer/driver.hpp"

#include <signal.h>
#include <sys/prctl.h>

#include "harness/peer/dialogue.hpp"

namespace ffi_cts::peer {

Driver::Driver(Setup setup, Manner manner) : setup_(std::move(setup)), manner_(manner) {
  signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  next_ = std::make_unique<Process>(setup_);
}

Driver::~Driver() = default;

Trace Driver::run(const Conversation& conversation) {
  const std::unique_ptr<Process> process = std::move(next_);
  next_ = std::make_unique<Process>(setup_);
  return Dialogue(*process, setup_, manner_, conversation).hold();
}

}  // namespace ffi_cts::peer
