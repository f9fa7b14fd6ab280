// EVT-2: every context counts its listeners from 1.
#define PROBE_NO_ADD_EVENT_LISTENER
#define PROBE_NO_REMOVE_EVENT_LISTENER
#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  std::mutex mutex;
  std::map<std::uint64_t, std::uint64_t> real;  // the host's id -> the probe's
  std::uint64_t last = 0;
};
faulty::Contexts<State> contexts;
}  // namespace

FAULTY_LIFE(contexts)

FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback,
                                                      void* userData) {
  const std::uint64_t id = faulty::probe::add_event_listener(ctx, name, callback, userData);
  const auto state = contexts.of(ctx);
  if (!state || id == 0) return id;
  const std::lock_guard lock(state->mutex);
  state->real[++state->last] = id;
  return state->last;
}

FFI_CTS_EXPORT int probe_remove_event_listener(void* ctx, std::uint64_t id) {
  const auto state = contexts.of(ctx);
  if (!state) return faulty::probe::remove_event_listener(ctx, id);
  {
    const std::lock_guard lock(state->mutex);
    const auto it = state->real.find(id);
    id = it == state->real.end() ? 0 : it->second;
  }
  return faulty::probe::remove_event_listener(ctx, id);
}
