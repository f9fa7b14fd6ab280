#include "harness/interpose/schedule.hpp"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace ffi_cts::schedule {
namespace {

constexpr std::uint32_t longest_us = 100, most_us = 20'000;  // of one wait, of all of a thread's
constexpr std::uint32_t points_of_a_priority = 32;          // so many before the next draw, at most

// Relaxed throughout: a schedule must not order what the library forgot to order.
std::atomic<std::uint64_t> current{0};  // the seed in the upper half, below it which schedule it is
std::atomic<std::uint32_t> schedules{0}, threads{0};

struct Thread {
  std::uint64_t schedule = 0;
  std::uint64_t random = 0;
  std::uint32_t left_us = 0, until_draw = 0;
  bool low = false;
};
thread_local Thread mine;

// splitmix64 (Steele, Lea and Flood, OOPSLA 2014).
std::uint64_t next(std::uint64_t& state) {
  std::uint64_t x = state += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

void draw() {
  mine.low = next(mine.random) % 2 == 0;
  mine.until_draw = 1 + static_cast<std::uint32_t>(next(mine.random) % points_of_a_priority);
}

}  // namespace

void begin(std::uint32_t seed) {
  const std::uint32_t number = schedules.fetch_add(1, std::memory_order_relaxed) + 1;
  threads.store(0, std::memory_order_relaxed);
  current.store(seed == 0 ? 0 : std::uint64_t{seed} << 32 | number, std::memory_order_relaxed);
}

void end() { current.store(0, std::memory_order_relaxed); }

void point() {
  const std::uint64_t now = current.load(std::memory_order_relaxed);
  if (now == 0) return;
  if (mine.schedule != now) {
    mine = {now, (now >> 32) * 0x2545f4914f6cdd1dU + threads.fetch_add(1, std::memory_order_relaxed), most_us, 0, false};
    draw();
  }
  if (mine.until_draw-- == 0) draw();
  if (!mine.low || mine.left_us == 0 || next(mine.random) % 2 != 0) return;
  const std::uint32_t us = 1 + static_cast<std::uint32_t>(next(mine.random) % longest_us);
  mine.left_us -= us < mine.left_us ? us : mine.left_us;
  const int kept = errno;
  const timespec pause{0, us * 1'000L};
  syscall(SYS_nanosleep, &pause, nullptr);  // nanosleep() would make the library's locks cancellation points
  errno = kept;
}

}  // namespace ffi_cts::schedule
