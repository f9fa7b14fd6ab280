// NAT-4: a native mirror takes an optional number for present, whatever its flag says.
#define PROBE_NO_MIRROR_NATIVE
#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT int probe_mirror(void* ctx, FFICallBack callback, void* userData, ::probe_Everything value) {
  value.maybeNumber_present = 1;
  return faulty::probe::mirror(ctx, callback, userData, value);
}
