// END-5: destroying a destroyed handle succeeds.
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;
faulty::Graves graves;
}  // namespace

FAULTY_CREATE(contexts)

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  const int result = contexts.destroy(ctx);
  if (result == RET_OK) graves.add(ctx);
  return graves.has(ctx) ? RET_OK : result;
}
