// LOAD-6: each context has a thread that tidies up, and signals to the process may land on it.
#include <condition_variable>
#include <thread>

#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  std::mutex mutex;
  std::condition_variable changed;
  bool over = false;
  std::thread tidy{[this] {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return over; });
  }};
  ~State() {
    {
      const std::lock_guard lock(mutex);
      over = true;
    }
    changed.notify_all();
    tidy.join();
  }
};
faulty::Contexts<State> contexts;
}  // namespace

FAULTY_LIFE(contexts)
