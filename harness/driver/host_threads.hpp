// The worker's own host threads: A is the thread that calls run, B to D wait between programs. Starting and ending a
// program orders their memory (release, acquire); nothing does in between.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "harness/program/program.hpp"
#include "harness/trace/shared.hpp"

namespace ffi_cts {

class HostThreads {
 public:
  explicit HostThreads(Shared* shared);
  ~HostThreads();

  // Runs `body` with the number of each thread in the bit set `used`, each on its own thread, and waits for all of them.
  void run(unsigned used, const std::function<void(std::uint32_t)>& body);

 private:
  void begin(unsigned used);
  void serve(std::uint32_t number);

  Shared* shared_;
  const std::function<void(std::uint32_t)>* body_ = nullptr;
  std::array<std::atomic<unsigned>, max_threads> turns_{};  // of each thread: goes up when it has something to run
  std::atomic<unsigned> busy_{0}, known_{0};  // known: threads that have told their id
  std::atomic<bool> over_{false};
  std::vector<std::thread> threads_;
};

}  // namespace ffi_cts
