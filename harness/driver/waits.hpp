// How host threads and parked callbacks wait: on one futex word in the shared memory, so that the parent can end every
// wait from outside. Relaxed throughout: waiting orders no memory (recorder.hpp says why). That suffices on every machine
// where a read-modify-write of one word is seen in order by the kernel's futex, which re-reads the word under its own lock.
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>

#include "harness/driver/recorder.hpp"
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

  // A host thread has done a step of the program, outside of callbacks.
  void step_done() { shared_->steps.fetch_add(1, std::memory_order_relaxed); }

  // Until the condition holds, or the parent gives up the waits that began before.
  template <typename Condition>
  WaitEnd until(Condition&& holds) {
    return until(holds, [] { return std::uint64_t{0}; });
  }
  // The same of a condition that may come to hold by the time alone. `look_at()`: when that may next be, by now_ns(); 0: never.
  template <typename Condition, typename LookAt>
  WaitEnd until(Condition&& holds, LookAt&& look_at) {
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
      const std::uint64_t at = look_at(), now = at ? now_ns() : 0, left = at > now ? at - now : 1;
      const timespec pause = {static_cast<time_t>(left / 1'000'000'000), static_cast<long>(left % 1'000'000'000)};
      syscall(SYS_futex, &shared_->epoch, FUTEX_WAIT, epoch, at ? &pause : nullptr, nullptr, 0);
    }
    shared_->waiting.fetch_sub(1, std::memory_order_relaxed);
    shared_->sleepers.fetch_sub(1, std::memory_order_relaxed);
    return end;
  }

 private:
  Shared* shared_;
};

}  // namespace ffi_cts
