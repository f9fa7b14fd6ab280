// EVT-5: names are compared up to the length of the event's: a listener of "ticket" hears "tick".
#define PROBE_NO_ADD_EVENT_LISTENER
#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback,
                                                      void* userData) {
  for (const char* event : {"tick", "tock"}) {
    const std::string_view given = name ? name : "";
    if (given.size() < 256 && given.starts_with(event)) name = event;  // huge names are PAY-13's
  }
  return faulty::probe::add_event_listener(ctx, name, callback, userData);
}
