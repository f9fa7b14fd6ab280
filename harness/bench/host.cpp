#include "harness/bench/host.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>

#include <algorithm>
#include <barrier>
#include <fstream>
#include <stdexcept>
#include <string>

namespace ffi_cts::bench {

namespace {

using Clock = std::chrono::steady_clock;

double private_dirty_bytes() {
  prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);  // a huge page would count whole
  std::ifstream in("/proc/self/smaps_rollup");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("Private_Dirty:")) return std::stod(line.substr(14)) * 1024;
  throw std::runtime_error("/proc/self/smaps_rollup cannot be read");
}

}  // namespace

// Sequentially consistent: either add() sees what is enough, or this sees that there is enough already. A semaphore
// that was posted for an earlier wait costs one more look.
void Counter::wait_for(std::uint64_t enough) noexcept {
  enough_.store(enough);
  while (count_.load() < enough) sleep();
}

void Counter::wait_for_expected() noexcept {
  sleep();
}

void Counter::sleep() noexcept {
  while (sem_wait(&enough_there_) != 0) {  // a signal
  }
}

void on_answer(int ret, const char* msg, std::size_t len, void* user_data) {
  auto& line = *static_cast<Line*>(user_data);
  if (ret == RET_OK)
    line.window.answered();
  else if (ret != RET_STALE_WARN)
    line.give_up(fmt::format("a request was answered with code {}: {}", ret, std::string_view(msg, len)));
}

void on_event(int, const char*, std::size_t, void* counter) {
  static_cast<Counter*>(counter)->add_alone();
}

std::vector<std::unique_ptr<Line>> lines(int threads, std::uint32_t window_size, const GiveUp& give_up) {
  std::vector<std::unique_ptr<Line>> out;
  for (int i = 0; i < threads; ++i) out.push_back(std::make_unique<Line>(window_size, give_up));
  return out;
}

double seconds(const std::function<void()>& work) {
  auto begun = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

double seconds_on(int threads, const std::function<void(int)>& work) {
  if (threads == 1) return seconds([&] { work(0); });
  std::barrier start(threads + 1);
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i) {
    all.emplace_back([&, i] {
      start.arrive_and_wait();
      work(i);
    });
  }
  start.arrive_and_wait();
  return seconds([&] {
    for (std::thread& thread : all) thread.join();
  });
}

MemoryGauge::MemoryGauge() : before_(private_dirty_bytes()) {}

// A page at least, so that it can be divided by.
double MemoryGauge::grown_by() const {
  return std::max(private_dirty_bytes() - before_, 4096.0);
}

}  // namespace ffi_cts::bench
