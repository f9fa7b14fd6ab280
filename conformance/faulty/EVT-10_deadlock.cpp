// EVT-10: add takes the lock that is held while events are dispatched; in an event callback it waits for ever.
#include "conformance/faulty/listeners.hpp"

namespace {
faulty::Contexts<faulty::Registry> contexts;
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REMOVE(contexts)

FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback,
                                                      void* userData) {
  if (faulty::hearing && faulty::hearing->registry == contexts.of(ctx).get()) faulty::sleep_forever();
  return faulty::add<faulty::Listener>(contexts, ctx, name, callback, userData);
}
