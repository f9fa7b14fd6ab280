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
  begin((1u << max_threads) - 1);
  for (std::thread& thread : threads_) thread.join();
}

// Wakes those in the bit set only: the others shall cost a program nothing.
void HostThreads::begin(unsigned used) {
  for (std::uint32_t number = 1; number < max_threads; ++number) {
    if (!(used & (1u << number))) continue;
    turns_[number].fetch_add(1, std::memory_order_release);
    turns_[number].notify_one();
  }
}

void HostThreads::run(unsigned used, const std::function<void(std::uint32_t)>& body) {
  unsigned others = used & ~1u;
  if (others) {
    body_ = &body;
    busy_.store(static_cast<unsigned>(__builtin_popcount(others)), std::memory_order_relaxed);
    begin(others);
  }
  if (used & 1u) body(0);
  for (unsigned busy; others && (busy = busy_.load(std::memory_order_acquire)) != 0;) busy_.wait(busy, std::memory_order_acquire);
}

void HostThreads::serve(std::uint32_t number) {
  shared_->host_tids[number] = static_cast<std::int32_t>(syscall(SYS_gettid));
  ++known_;
  known_.notify_all();
  for (unsigned seen = 0;;) {
    turns_[number].wait(seen, std::memory_order_acquire);
    seen = turns_[number].load(std::memory_order_acquire);
    if (over_) return;
    (*body_)(number);
    if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
  }
}

}  // namespace ffi_cts
