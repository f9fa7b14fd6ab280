// EVT-15: a listener is called with the userData of the one that its context added before it.
#define PROBE_NO_ADD_EVENT_LISTENER
#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  std::atomic<void*> previous{nullptr};
};
faulty::Contexts<State> contexts;
}  // namespace

FAULTY_LIFE(contexts)

FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback,
                                                      void* userData) {
  const auto state = contexts.of(ctx);
  void* previous = state && callback ? state->previous.exchange(userData) : nullptr;
  return faulty::probe::add_event_listener(ctx, name, callback, previous ? previous : userData);
}
