// How host threads and parked callbacks wait: on one futex word in the shared memory, so that the parent can end every
// wait from outside. Relaxed throughout: waiting orders no memory (recorder.hpp says why). That suffices on every machine
// where a read-modify-write of one word is seen in order by the kernel's futex, which re-reads the word under its own lock.
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>

#include "harness/trace/shared.hpp"

namespace ffi_cts {

// How a wait ended.
enum class WaitEnd { held, given_up_for_certain, given_up };

class Waits {
 public:
  explicit Waits(Shared* shared) : shared_(shared) {}

  // Something that a wait may look at has changed. Any thread.
  void notify() {
    shared_->epoch.fetch_add(1, std::memory_order_relaxed);
    if (shared_->sleepers.load(std::memory_order_relaxed) > 0)
      syscall(SYS_futex, &shared_->epoch, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
  }

  // Until the condition holds, or the parent gives up the waits that began before.
  template <typename Condition>
  WaitEnd until(Condition&& holds) {
    if (holds()) return WaitEnd::held;
    std::uint32_t generation = shared_->give_up.load(std::memory_order_relaxed);
    shared_->sleepers.fetch_add(1, std::memory_order_relaxed);
    shared_->waiting.fetch_add(1, std::memory_order_relaxed);
    WaitEnd end = WaitEnd::held;
    while (true) {
      std::uint32_t epoch = shared_->epoch.load(std::memory_order_relaxed);
      if (holds()) break;
      if (shared_->give_up.load(std::memory_order_relaxed) != generation) {
        end = shared_->give_up_certain.load(std::memory_order_relaxed) ? WaitEnd::given_up_for_certain : WaitEnd::given_up;
        break;
      }
      syscall(SYS_futex, &shared_->epoch, FUTEX_WAIT, epoch, nullptr, nullptr, 0);
    }
    shared_->waiting.fetch_sub(1, std::memory_order_relaxed);
    shared_->sleepers.fetch_sub(1, std::memory_order_relaxed);
    return end;
  }

 private:
  Shared* shared_;
};

}  // namespace ffi_cts
