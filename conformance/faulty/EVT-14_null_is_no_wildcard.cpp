// EVT-14: NULL for the name registers under a name that no event has; only "" is the wildcard.
#define PROBE_NO_ADD_EVENT_LISTENER
#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback,
                                                      void* userData) {
  return faulty::probe::add_event_listener(ctx, name ? name : "(null)", callback, userData);
}
