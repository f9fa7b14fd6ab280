// Foreign: a proc never returns, while a thread prints a line every fifth of a second.
#define PROBE_NO_EMPTY
#include <mutex>
#include <thread>

#include "conformance/faulty/wrap.hpp"

namespace {
std::once_flag once;

int submit(const faulty::Submission& submission) {
  if (submission.hopeless()) return submission.forward();
  std::call_once(once, [] {
    std::thread([] {
      for (;; faulty::sleep_ms(200)) [[maybe_unused]] const auto n = write(STDOUT_FILENO, "still here\n", 11);
    }).detach();
  });
  faulty::sleep_forever();
}
}  // namespace

FAULTY_PROC(empty, submit)
