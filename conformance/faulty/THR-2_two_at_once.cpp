// THR-2: what `empty` answers is delivered by a pool of threads, beside whatever the loop delivers.
#define PROBE_NO_EMPTY
#include <thread>
#include <vector>

#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  std::mutex mutex;
  std::vector<std::thread> pool;

  void run(std::thread thread) {
    const std::lock_guard lock(mutex);
    pool.push_back(std::move(thread));
  }
  void join() {
    std::unique_lock lock(mutex);
    std::vector<std::thread> all = std::move(pool);
    lock.unlock();
    for (std::thread& thread : all) thread.join();
  }
};
faulty::Contexts<State> contexts;

int submit(const faulty::Submission& submission) {
  const auto state = contexts.of(submission.ctx);
  if (!state) return submission.forward();
  return submission.intercept([state](const faulty::Host& host, const faulty::Message& message) {
    const std::string bytes(message.text());
    state->run(std::thread([host, code = message.code, bytes] { host(code, bytes); }));
  });
}
}  // namespace

FAULTY_CREATE(contexts)

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  const auto state = contexts.of(ctx);
  const int result = contexts.destroy(ctx);
  if (result == RET_OK && state) state->join();
  return result;
}

FAULTY_PROC(empty, submit)
