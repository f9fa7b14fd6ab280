// NAT-3: of a native reply one text is not released.
#define PROBE_NO_ECHO_NATIVE
#include <cstring>

#include "conformance/faulty/wrap.hpp"

namespace {
char* volatile forgotten;
}

namespace {
void answer(int code, const char* msg, std::size_t len, void* self) {
  const auto* host = static_cast<faulty::Host*>(self);
  if (code == RET_OK) forgotten = strdup(reinterpret_cast<const ::probe_EchoResponse*>(msg)->echoed);
  (*host)(faulty::Message{code, msg, len});
  delete host;
}
}  // namespace

FFI_CTS_EXPORT int probe_echo(void* ctx, FFICallBack callback, void* userData, ::probe_EchoRequest req) {
  if (!callback) return faulty::probe::echo(ctx, callback, userData, req);
  return faulty::probe::echo(ctx, answer, new faulty::Host{callback, userData}, req);
}
