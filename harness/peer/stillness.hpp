// Does a peer's process, with all that it started, sleep for good?
#pragma once

#include <chrono>
#include <map>

#include "harness/peer/process.hpp"
#include "harness/worker/watch.hpp"

namespace ffi_cts::peer {

// Three looks in a row that find all of its threads asleep with the same processor time. Where something will wake it
// by itself the looks have to span a third of a second, and where it never sleeps the backstop decides.
class Stillness {
 public:
  Stillness(const Process& process, double backstop_s) : process_(process), backstop_(backstop_s) {}

  // Something moved: it begins anew.
  void reset();
  // Takes a look.
  bool still();

 private:
  using Clock = std::chrono::steady_clock;

  const Process& process_;
  std::chrono::duration<double> backstop_;
  std::map<int, Sample> last_;
  int alike_ = 0;
  Clock::time_point since_ = Clock::now(), alike_since_ = since_;
};

}  // namespace ffi_cts::peer
