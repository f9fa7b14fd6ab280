// EVT-19: a context has room for 1,000 listeners.
#define PROBE_NO_ADD_EVENT_LISTENER
#define PROBE_NO_REMOVE_EVENT_LISTENER
#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  std::atomic<int> listeners{0};
};
faulty::Contexts<State> contexts;
}  // namespace

FAULTY_LIFE(contexts)

FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback,
                                                      void* userData) {
  const auto state = contexts.of(ctx);
  if (!state) return faulty::probe::add_event_listener(ctx, name, callback, userData);
  if (++state->listeners > 1000) {
    --state->listeners;
    return 0;
  }
  const std::uint64_t id = faulty::probe::add_event_listener(ctx, name, callback, userData);
  if (id == 0) --state->listeners;
  return id;
}

FFI_CTS_EXPORT int probe_remove_event_listener(void* ctx, std::uint64_t id) {
  const auto state = contexts.of(ctx);
  const int result = faulty::probe::remove_event_listener(ctx, id);
  if (state && result == RET_OK) --state->listeners;
  return result;
}
