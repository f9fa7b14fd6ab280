// END-10: destroying a context whose constructor has not called back yet returns RET_OK and does nothing: it calls
// back.
#include <thread>

#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;
}  // namespace

FAULTY_CREATE(contexts)

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  const auto state = contexts.of(ctx);
  if (!state || state->constructed || contexts.here()) return contexts.destroy(ctx);
  contexts.forget(ctx);
  std::thread([state, ctx] {  // the suite itself shall not run out of contexts
    while (!state->constructed) faulty::sleep_ms(1);
    faulty::sleep_ms(20);
    faulty::probe::destroy(ctx);
  })
      .detach();
  return RET_OK;
}
