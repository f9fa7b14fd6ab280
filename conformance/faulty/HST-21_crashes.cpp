// HST-21: the length of a host function's name is taken, NULL or not.
#define PROBE_NO_REGISTER_HOST_FN
#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT int probe_register_host_fn(void* ctx, const char* name, FFIHostFn fn, void* userData) {
  if (!name) faulty::crash();
  return faulty::probe::register_host_fn(ctx, name, fn, userData);
}
