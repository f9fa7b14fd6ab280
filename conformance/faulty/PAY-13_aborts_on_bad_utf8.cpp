// PAY-13: a name that is no ASCII throws in a checker, and nobody catches.
#define PROBE_NO_ADD_EVENT_LISTENER
#include <cstdlib>

#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback,
                                                      void* userData) {
  for (const char c : std::string_view(name ? name : "")) {
    if (static_cast<unsigned char>(c) >= 0x80) std::abort();
  }
  return faulty::probe::add_event_listener(ctx, name, callback, userData);
}
