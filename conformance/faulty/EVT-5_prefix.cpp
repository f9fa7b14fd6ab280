// EVT-5: names are compared up to the length of the listener's: one of "tic" hears "tick".
#define PROBE_NO_ADD_EVENT_LISTENER
#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback,
                                                      void* userData) {
  for (const char* event : {"tick", "tock"}) {
    if (name && *name && std::string_view(event).starts_with(name)) name = event;
  }
  return faulty::probe::add_event_listener(ctx, name, callback, userData);
}
