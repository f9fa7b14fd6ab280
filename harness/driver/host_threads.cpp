#include "harness/driver/host_threads.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include "harness/driver/driver.hpp"

namespace ffi_cts {

HostThreads::HostThreads(Shared* shared) : shared_(shared) {
  shared_->host_tids[0] = static_cast<std::int32_t>(syscall(SYS_gettid));
  for (std::uint32_t number = 1; number < max_threads; ++number) threads_.emplace_back([this, number] { serve(number); });
  // Whoever tells host threads from others may do so as soon as this is made.
  for (unsigned known; (known = known_.load()) < threads_.size();) known_.wait(known);
}

HostThreads::~HostThreads() {
  over_ = true;
  turn_.fetch_add(1u << max_threads);
  turn_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void HostThreads::run(unsigned used, const std::function<void(std::uint32_t)>& body) {
  unsigned others = used & ~1u;
  if (others) {
    body_ = &body;
    busy_.store(static_cast<unsigned>(__builtin_popcount(others)), std::memory_order_relaxed);
    unsigned turn = turn_.load(std::memory_order_relaxed) >> max_threads;
    turn_.store(((turn + 1) << max_threads) | others, std::memory_order_release);
    turn_.notify_all();
  }
  if (used & 1u) body(0);
  for (unsigned busy; others && (busy = busy_.load(std::memory_order_acquire)) != 0;) busy_.wait(busy, std::memory_order_acquire);
}

void HostThreads::serve(std::uint32_t number) {
  shared_->host_tids[number] = static_cast<std::int32_t>(syscall(SYS_gettid));
  ++known_;
  known_.notify_all();
  for (unsigned seen = 0;;) {
    turn_.wait(seen, std::memory_order_acquire);
    seen = turn_.load(std::memory_order_acquire);
    if (over_) return;
    if (!(seen & (1u << number))) continue;
    (*body_)(number);
    if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
  }
}

}  // namespace ffi_cts
