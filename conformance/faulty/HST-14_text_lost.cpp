// HST-14: the text of a completion with RET_ERR is lost.
#define PROBE_NO_HOST_COMPLETE
#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT int probe_host_complete(void* ctx, std::uint64_t callId, int ret, const char* msg, std::size_t len) {
  const std::string_view text = "the host function failed";
  if (ret != RET_ERR || (!msg && len > 0)) return faulty::probe::host_complete(ctx, callId, ret, msg, len);
  return faulty::probe::host_complete(ctx, callId, ret, text.data(), text.size());
}
