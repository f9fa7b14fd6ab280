// NAT-6: a returned text ends at its first NUL.
#define PROBE_NO_ASK_NATIVE
#include <cstring>

#include "conformance/faulty/wrap.hpp"

namespace {
void answer(int code, const char* msg, std::size_t len, void* self) {
  const auto* host = static_cast<faulty::Host*>(self);
  (*host)(faulty::Message{code, msg, code == RET_OK ? strnlen(msg, len) : len});
  delete host;
}
}  // namespace

FFI_CTS_EXPORT int probe_ask(void* ctx, FFICallBack callback, void* userData, const char* key) {
  if (!callback) return faulty::probe::ask(ctx, callback, userData, key);
  return faulty::probe::ask(ctx, answer, new faulty::Host{callback, userData}, key);
}
