// EVT-13: a function that is registered already is not registered again: add returns the id that it has.
#define PROBE_NO_ADD_EVENT_LISTENER
#define PROBE_NO_REMOVE_EVENT_LISTENER
#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  std::mutex mutex;
  std::map<FFICallBack, std::uint64_t> ids;
};
faulty::Contexts<State> contexts;
}  // namespace

FAULTY_LIFE(contexts)

FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback,
                                                      void* userData) {
  const auto state = contexts.of(ctx);
  if (!state || !callback) return faulty::probe::add_event_listener(ctx, name, callback, userData);
  const std::lock_guard lock(state->mutex);
  if (const auto it = state->ids.find(callback); it != state->ids.end()) return it->second;
  const std::uint64_t id = faulty::probe::add_event_listener(ctx, name, callback, userData);
  if (id != 0) state->ids[callback] = id;
  return id;
}

FFI_CTS_EXPORT int probe_remove_event_listener(void* ctx, std::uint64_t id) {
  const int result = faulty::probe::remove_event_listener(ctx, id);
  if (const auto state = contexts.of(ctx); state && result == RET_OK) {
    const std::lock_guard lock(state->mutex);
    std::erase_if(state->ids, [id](const auto& entry) { return entry.second == id; });
  }
  return result;
}
