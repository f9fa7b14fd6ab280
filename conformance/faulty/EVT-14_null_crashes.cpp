// EVT-14: NULL for the name is read.
#define PROBE_NO_ADD_EVENT_LISTENER
#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback,
                                                      void* userData) {
  const volatile char* text = name;
  (void)text[0];
  return faulty::probe::add_event_listener(ctx, name, callback, userData);
}
