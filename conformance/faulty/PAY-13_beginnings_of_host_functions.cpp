// PAY-13: a host function is found by the first four bytes of its name.
#define PROBE_NO_REGISTER_HOST_FN
#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT int probe_register_host_fn(void* ctx, const char* name, FFIHostFn fn, void* userData) {
  const bool alike = name && std::string_view(name).substr(0, 4) == "fetc";
  return faulty::probe::register_host_fn(ctx, alike ? "fetch" : name, fn, userData);
}
