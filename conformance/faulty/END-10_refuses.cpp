// END-10: destroying a context whose constructor has not called back yet is refused and does nothing.
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;
}  // namespace

FAULTY_CREATE(contexts)

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  const auto state = contexts.of(ctx);
  if (!state || state->constructed || contexts.here()) return contexts.destroy(ctx);
  return RET_ERR;
}
