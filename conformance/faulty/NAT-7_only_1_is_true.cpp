// NAT-7: a bool is true where it is 1.
#define PROBE_NO_SAME_BOOL_NATIVE
#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT int probe_same_bool(void* ctx, FFICallBack callback, void* userData, int flag) {
  return faulty::probe::same_bool(ctx, callback, userData, flag == 1);
}
