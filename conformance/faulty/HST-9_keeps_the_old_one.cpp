// HST-9: registering NULL is refused, and the old function stays.
#define PROBE_NO_REGISTER_HOST_FN
#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT int probe_register_host_fn(void* ctx, const char* name, FFIHostFn fn, void* userData) {
  return fn ? faulty::probe::register_host_fn(ctx, name, fn, userData) : RET_ERR;
}
