// END-3: destroy has no limit: it waits for a blocked loop as long as that takes.
#include <semaphore>

#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;

// Until the loop has got round to a task of ours.
void await_loop(void* ctx) {
  auto reached = std::make_shared<std::binary_semaphore>(0);
  if (faulty::later(ctx, [reached] { reached->release(); })) reached->acquire();
}
}  // namespace

FAULTY_CREATE(contexts)

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  const auto state = contexts.of(ctx);
  if (state && state->constructed && !state->closing && !contexts.here()) await_loop(ctx);
  return contexts.destroy(ctx);
}
