// HST-15: (NULL, len > 0) is taken for the empty payload.
#define PROBE_NO_HOST_COMPLETE
#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT int probe_host_complete(void* ctx, std::uint64_t callId, int ret, const char* msg, std::size_t len) {
  return faulty::probe::host_complete(ctx, callId, ret, msg, msg ? len : 0);
}
