// HST-16: the loop waits for the answer of a host call.
#include <algorithm>
#include <condition_variable>

#include "conformance/faulty/host_functions.hpp"

namespace {
struct State : faulty::Calls {
  std::condition_variable answered;
};
faulty::Contexts<State> contexts;

void call(State& state, const faulty::HostFunction& host, std::uint64_t id, std::string_view request) {
  state.note(id);
  host(id, request);
  std::unique_lock lock(state.mutex);
  state.answered.wait(lock, [&] {
    return state.closing || std::find(state.pending.begin(), state.pending.end(), id) == state.pending.end();
  });
}
int complete(const faulty::Completion& completion) {
  const auto state = contexts.of(completion.ctx);
  const int result = completion.forward();
  if (state && !completion.null()) {
    state->forget(completion.id);
    state->answered.notify_all();
  }
  return result;
}
}  // namespace

FAULTY_CREATE(contexts)
FAULTY_REGISTER(contexts, call)
FAULTY_COMPLETE(complete)

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  if (const auto state = contexts.of(ctx); state && !contexts.here()) {
    {
      const std::lock_guard lock(state->mutex);
      state->closing = true;
    }
    state->answered.notify_all();
  }
  return contexts.destroy(ctx);
}
