// REQ-15: destroying a context whose constructor failed is refused, for ever.
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;
}  // namespace

FAULTY_CREATE(contexts)

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  const auto state = contexts.of(ctx);
  const bool failed = state && state->failed;
  const int result = contexts.destroy(ctx);  // so that the suite itself loses no thread
  return failed ? RET_ERR : result;
}
