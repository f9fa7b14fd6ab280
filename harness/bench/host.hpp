// The host's side of a measurement. Libraries and floors are driven by the same: so many threads, each with so many
// requests under way, each asleep while it waits. What differs between a row and its floor is then what lies behind the
// call.
#pragma once

#include <ffi_cts/abi.h>
#include <semaphore.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "harness/bench/measurement.hpp"

namespace ffi_cts::bench {

// Counts what comes back, and lets one thread sleep until there is enough of it. The thread is woken once for each time
// that it sleeps, not for each thing that comes back.
class Counter {
 public:
  Counter() { sem_init(&enough_there_, 0, 0); }
  ~Counter() { sem_destroy(&enough_there_); }
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;

  // From whatever thread the callbacks come on.
  void add() noexcept {
    if (count_.fetch_add(1) + 1 == enough_.load()) sem_post(&enough_there_);
  }
  // Cheaper, for callbacks that never run beside each other: the events of one context.
  void add_alone() noexcept {
    std::uint64_t count = count_.load(std::memory_order_relaxed) + 1;
    count_.store(count, std::memory_order_release);
    if (count == enough_.load(std::memory_order_relaxed)) sem_post(&enough_there_);
  }
  std::uint64_t count() const noexcept { return count_.load(); }
  void wait_for(std::uint64_t enough) noexcept;
  // The same for what counts with add_alone(): `enough` is told before anything of it can come back.
  void expect(std::uint64_t enough) noexcept { enough_.store(enough); }
  void wait_for_expected() noexcept;

 private:
  void sleep() noexcept;

  std::atomic<std::uint64_t> count_{0}, enough_{0};
  // Not std::atomic's wait, which spins before it sleeps: who is just quick enough for that would look twice as fast.
  sem_t enough_there_;
};

// The requests that one host thread has under way: never more than `size`. When there are as many it sleeps until half
// of them are answered, so that the threads do not hand the processor to and fro for each.
class Window {
 public:
  explicit Window(std::uint32_t size) : size_(size) {}

  void before_submit() noexcept {
    if (submitted_ - answers_.count() >= size_) answers_.wait_for(submitted_ - size_ / 2);
    ++submitted_;
  }
  void answered() noexcept { answers_.add(); }
  void drain() noexcept { answers_.wait_for(submitted_); }

 private:
  const std::uint32_t size_;
  std::uint64_t submitted_ = 0;
  Counter answers_;
};

// What a request's callback is given.
struct Line {
  Line(std::uint32_t window_size, const GiveUp& give_up_with) : window(window_size), give_up(give_up_with) {}
  Window window;
  const GiveUp& give_up;
};
// The window of those who let everything be under way at once.
constexpr std::uint32_t unlimited = ~std::uint32_t{0};

// A request's callback.
void on_answer(int ret, const char* msg, std::size_t len, void* line);

// A listener's callback. `counter` is a Counter of one context's events.
void on_event(int ret, const char* msg, std::size_t len, void* counter);

// One per host thread. They do not move.
std::vector<std::unique_ptr<Line>> lines(int threads, std::uint32_t window_size, const GiveUp& give_up);

// Seconds that the work takes, done on the calling thread, or on so many that start together.
double seconds(const std::function<void()>& work);
double seconds_on(int threads, const std::function<void(int thread)>& work);

// A thread of the host that answers what others hand to it, in order.
template <class Item>
class Answerer {
 public:
  explicit Answerer(std::function<void(Item&)> answer) : answer_(std::move(answer)), thread_([this] { serve(); }) {}
  ~Answerer() {
    {
      std::lock_guard lock(mutex_);
      ended_ = true;
    }
    some_.notify_one();
    thread_.join();
  }
  Answerer(const Answerer&) = delete;
  Answerer& operator=(const Answerer&) = delete;

  void hand_over(Item item) {
    std::unique_lock lock(mutex_);
    items_.push_back(std::move(item));
    bool was_empty = items_.size() == 1;
    lock.unlock();
    if (was_empty) some_.notify_one();
  }

 private:
  void serve() {
    std::vector<Item> taken;
    while (true) {
      std::unique_lock lock(mutex_);
      some_.wait(lock, [this] { return ended_ || !items_.empty(); });
      if (items_.empty()) return;
      taken.swap(items_);
      lock.unlock();
      for (Item& item : taken) answer_(item);
      taken.clear();
    }
  }

  const std::function<void(Item&)> answer_;
  std::mutex mutex_;
  std::condition_variable some_;
  std::vector<Item> items_;
  bool ended_ = false;
  std::thread thread_;
};

// How many bytes this process has written and shares with nobody (Private_Dirty of /proc/self/smaps_rollup) beyond
// those of the beginning. It counts what every allocator took, stacks included, in whole pages.
class MemoryGauge {
 public:
  MemoryGauge();
  double grown_by() const;

 private:
  const double before_;
};

}  // namespace ffi_cts::bench
