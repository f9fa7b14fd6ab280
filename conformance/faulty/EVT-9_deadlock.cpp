// EVT-9: remove takes the lock that is held while events are dispatched; in an event callback it waits for ever.
#include "conformance/faulty/listeners.hpp"

namespace {
faulty::Contexts<faulty::Registry> contexts;
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_ADD(contexts, faulty::Listener)

FFI_CTS_EXPORT int probe_remove_event_listener(void* ctx, std::uint64_t id) {
  if (faulty::hearing && faulty::hearing->registry == contexts.of(ctx).get()) faulty::sleep_forever();
  return faulty::remove(contexts, ctx, id);
}
