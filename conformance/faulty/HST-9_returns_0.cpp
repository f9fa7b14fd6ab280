// HST-9: registering NULL returns RET_OK.
#define PROBE_NO_REGISTER_HOST_FN
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;
}  // namespace

FAULTY_LIFE(contexts)

FFI_CTS_EXPORT int probe_register_host_fn(void* ctx, const char* name, FFIHostFn fn, void* userData) {
  const int result = faulty::probe::register_host_fn(ctx, name, fn, userData);
  const auto state = contexts.of(ctx);
  return !fn && state && !state->closing ? RET_OK : result;
}
