// PAY-13: a name is kept in a field of 255 bytes; of a longer one nothing is left, so that it becomes the wildcard.
#define PROBE_NO_ADD_EVENT_LISTENER
#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback,
                                                      void* userData) {
  if (name && std::string_view(name).size() > 255) name = "";
  return faulty::probe::add_event_listener(ctx, name, callback, userData);
}
