// PAY-13: an event's name is compared with the pointer that the host passed to add_event_listener, long after it
// returned.
#include <cstring>

#include "conformance/faulty/listeners.hpp"

namespace {
struct Listener : faulty::Listener {
  const char* borrowed = nullptr;

  void hear(const faulty::Message& event) override {
    if (std::strcmp(borrowed, name.c_str()) == 0) host(event);
  }
};
faulty::Contexts<faulty::Registry> contexts;
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REMOVE(contexts)

FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback,
                                                      void* userData) {
  return faulty::add<Listener>(contexts, ctx, name, callback, userData,
                               [name](Listener& listener) { listener.borrowed = name ? name : ""; });
}
