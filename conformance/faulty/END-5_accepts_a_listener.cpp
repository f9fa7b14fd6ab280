// END-5: a destroyed handle takes listeners, and gives them ids.
#define PROBE_NO_ADD_EVENT_LISTENER
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;
faulty::Graves graves;
std::atomic<std::uint64_t> next{std::uint64_t{1} << 60};  // far from the probe's ids
}  // namespace

FAULTY_CREATE(contexts)

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  const int result = contexts.destroy(ctx);
  if (result == RET_OK) graves.add(ctx);
  return result;
}

FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback,
                                                      void* userData) {
  if (callback && graves.has(ctx)) return next++;
  return faulty::probe::add_event_listener(ctx, name, callback, userData);
}
