// EVT-3: NULL for a callback registers a listener that does nothing, and returns its id.
#define PROBE_NO_ADD_EVENT_LISTENER
#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback,
                                                      void* userData) {
  const FFICallBack nobody = [](int, const char*, std::size_t, void*) {};
  return faulty::probe::add_event_listener(ctx, name, callback ? callback : nobody, userData);
}
