// EVT-1: the id of a removed listener is given to the next one of its context.
#define PROBE_NO_ADD_EVENT_LISTENER
#define PROBE_NO_REMOVE_EVENT_LISTENER
#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  std::mutex mutex;
  std::map<std::uint64_t, std::uint64_t> real;  // the host's id -> the probe's, where they differ
  std::uint64_t free = 0;
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
  if (state->free == 0) return id;
  state->real[state->free] = id;
  return std::exchange(state->free, 0);
}

FFI_CTS_EXPORT int probe_remove_event_listener(void* ctx, std::uint64_t id) {
  const auto state = contexts.of(ctx);
  if (!state) return faulty::probe::remove_event_listener(ctx, id);
  std::uint64_t real = id;
  {
    const std::lock_guard lock(state->mutex);
    if (const auto it = state->real.find(id); it != state->real.end()) real = it->second;
  }
  const int result = faulty::probe::remove_event_listener(ctx, real);
  const std::lock_guard lock(state->mutex);
  if (result == RET_OK) state->free = id;
  return result;
}
