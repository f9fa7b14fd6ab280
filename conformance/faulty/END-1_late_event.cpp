// END-1: a wildcard listener hears an event "closed" 2 ms after destroy returned RET_OK.
#include <thread>

#include "conformance/faulty/listeners.hpp"

namespace {
faulty::Contexts<faulty::Registry> contexts;
}  // namespace

FAULTY_CREATE(contexts)
FAULTY_ADD(contexts, faulty::Listener)
FAULTY_REMOVE(contexts)

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  const auto state = contexts.of(ctx);
  const int result = contexts.destroy(ctx);
  if (result != RET_OK || !state) return result;
  const auto wildcard =
      std::find_if(state->live.begin(), state->live.end(), [](const auto& l) { return l->name.empty(); });
  if (wildcard == state->live.end()) return result;
  std::thread([host = (*wildcard)->host] {
    faulty::sleep_ms(2);
    host(RET_OK,
         "\xa2\x69"
         "eventType\x66"
         "closed\x67payload\xf6");
  }).detach();
  return result;
}
