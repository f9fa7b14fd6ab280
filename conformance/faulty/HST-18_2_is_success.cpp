// HST-18: a completion with any code but RET_ERR is a success.
#define PROBE_NO_HOST_COMPLETE
#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT int probe_host_complete(void* ctx, std::uint64_t callId, int ret, const char* msg, std::size_t len) {
  return faulty::probe::host_complete(ctx, callId, ret == RET_ERR ? RET_ERR : RET_OK, msg, len);
}
