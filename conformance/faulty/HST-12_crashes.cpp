// HST-12: a completion with a destroyed handle follows it.
#define PROBE_NO_HOST_COMPLETE
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;
faulty::Graves graves;
}  // namespace

FAULTY_CREATE(contexts)

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  const int result = contexts.destroy(ctx);
  if (result == RET_OK) graves.add(ctx);
  return result;
}
FFI_CTS_EXPORT int probe_host_complete(void* ctx, std::uint64_t callId, int ret, const char* msg, std::size_t len) {
  if (graves.has(ctx)) faulty::crash();
  return faulty::probe::host_complete(ctx, callId, ret, msg, len);
}
