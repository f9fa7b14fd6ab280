// HST-14: a completion with RET_ERR is taken as a success.
#define PROBE_NO_HOST_COMPLETE
#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT int probe_host_complete(void* ctx, std::uint64_t callId, int ret, const char* msg, std::size_t len) {
  const bool success = ret == RET_OK || ret == RET_ERR;
  return faulty::probe::host_complete(ctx, callId, success ? RET_OK : ret, msg, len);
}
