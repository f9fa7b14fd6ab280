// EVT-7: removing a listener that is not there succeeds.
#define PROBE_NO_REMOVE_EVENT_LISTENER
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;
}  // namespace

FAULTY_LIFE(contexts)

FFI_CTS_EXPORT int probe_remove_event_listener(void* ctx, std::uint64_t id) {
  const int result = faulty::probe::remove_event_listener(ctx, id);
  return contexts.of(ctx) ? RET_OK : result;
}
