// REQ-4: two requests of a context that are in flight together get each other's userData.
#define FAULTY_BREAKS_EVERY_PROC
#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  std::mutex mutex;
  std::shared_ptr<void*> lonely;  // the userData of the one in flight that no other has been swapped with yet
};
faulty::Contexts<State> contexts;

int submit(const faulty::Submission& submission) {
  const auto state = contexts.of(submission.ctx);
  if (!state) return submission.forward();
  auto mine = std::make_shared<void*>(submission.userData);
  {
    const std::lock_guard lock(state->mutex);
    if (state->lonely) {
      std::swap(*std::exchange(state->lonely, nullptr), *mine);
    } else {
      state->lonely = mine;
    }
  }
  const auto leave = [state, mine] {
    const std::lock_guard lock(state->mutex);
    if (state->lonely == mine) state->lonely = nullptr;
    return *mine;
  };
  return submission.intercept(
      [leave](const faulty::Host& host, const faulty::Message& message) {
        if (!message.terminal()) return host(message);
        faulty::Host{host.callback, leave()}(message);
      },
      [leave](const faulty::Host& host, const faulty::Message& message) {
        leave();
        host(message);
      });
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_EVERY_PROC(submit)
