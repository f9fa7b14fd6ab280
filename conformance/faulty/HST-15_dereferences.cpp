// HST-15: (NULL, len > 0) is read.
#define PROBE_NO_HOST_COMPLETE
#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT int probe_host_complete(void* ctx, std::uint64_t callId, int ret, const char* msg, std::size_t len) {
  if (!msg && len > 0) faulty::crash();
  return faulty::probe::host_complete(ctx, callId, ret, msg, len);
}
