// EVT-9: a listener that is removed in an event callback hears the events after it all the same.
#include "conformance/faulty/listeners.hpp"

namespace {
struct Listener : faulty::Listener {
  std::atomic<bool> removed{false};
};
faulty::Contexts<faulty::Registry> contexts;
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_ADD(contexts, Listener)

FFI_CTS_EXPORT int probe_remove_event_listener(void* ctx, std::uint64_t id) {
  const auto state = contexts.of(ctx);
  const auto found = id != 0 && state ? state->find(id) : nullptr;
  if (!found) return faulty::probe::remove_event_listener(ctx, id);
  if (static_cast<Listener&>(*found).removed.exchange(true)) return RET_ERR;
  const bool dispatching = faulty::hearing && faulty::hearing->registry == state.get();
  return dispatching ? RET_OK : faulty::remove(contexts, ctx, id);
}
