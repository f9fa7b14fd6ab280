// Does a peer's process, with all that it started, sleep for good?
#pragma once

#include <chrono>
#include <map>

#include "harness/peer/look.hpp"
#include "harness/peer/process.hpp"

namespace ffi_cts::peer {

// Looks that find all of its threads asleep with the same processor time, for a fifth of a second. Where something will
// wake it by itself, or it never sleeps, the backstop decides.
class Stillness {
 public:
  Stillness(const Process& process, double backstop_s) : process_(process), backstop_(backstop_s), limit_(backstop_) {}

  // What was waited for came about, and another wait begins. It may have less time than the backstop gives.
  void reset(double most_s = 1e9);
  // Takes a look, unless something moved just now. What moves without being waited for holds up the looks, and not the
  // backstop: who hangs may go on talking.
  bool still(bool moved);
  // How often the backstop had to decide.
  int ran_out() const { return ran_out_; }

 private:
  bool asleep();

  using Clock = std::chrono::steady_clock;

  const Process& process_;
  std::chrono::duration<double> backstop_, limit_;
  std::map<int, Look> last_;
  int alike_ = 0, ran_out_ = 0;
  Clock::time_point since_ = Clock::now(), alike_since_ = since_;
};

}  // namespace ffi_cts::peer
