// REQ-14: an echo that was submitted before the constructor finished is computed at once, on a thread of its own: the
// constructor's name is missing from the reply.
#define PROBE_NO_ECHO
#include <thread>
#include <vector>

#include "conformance/faulty/cbor.hpp"
#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  std::mutex mutex;
  std::vector<std::thread> early;

  ~State() { join(); }
  void join() {
    std::vector<std::thread> all;
    {
      const std::lock_guard lock(mutex);
      all.swap(early);
    }
    for (auto& thread : all) thread.join();
  }
};
faulty::Contexts<State> contexts;
thread_local bool inside_early = false;

int submit(const faulty::Submission& submission) {
  const auto state = contexts.of(submission.ctx);
  const auto text = faulty::text_of(submission.request(), "text");
  if (!state || !text || submission.hopeless() || state->constructed || state->closing) return submission.forward();
  const std::string reply =
      "\xa2\x66"
      "echoed" +
      faulty::text_item(*text) + "\x64name\x60";
  const std::lock_guard lock(state->mutex);
  state->early.emplace_back([host = faulty::Host{submission.callback, submission.userData}, reply] {
    inside_early = true;
    host(RET_OK, reply);
  });
  return RET_OK;
}
}  // namespace

FAULTY_CREATE(contexts)
FAULTY_PROC(echo, submit)

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  if (inside_early) return RET_ERR;  // a thread cannot join itself
  if (const auto state = contexts.of(ctx); state && !contexts.here()) {
    state->closing = true;
    state->join();
  }
  return contexts.destroy(ctx);
}
