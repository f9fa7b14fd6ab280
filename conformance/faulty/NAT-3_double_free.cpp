// NAT-3: what a native reply held is released twice.
#define PROBE_NO_ECHO_NATIVE
#include <cstdlib>
#include <cstring>

#include "conformance/faulty/wrap.hpp"

namespace {
void (*volatile release)(void*) = std::free;  // the compiler must not see what happens here
}

namespace {
void answer(int code, const char* msg, std::size_t len, void* self) {
  const auto* host = static_cast<faulty::Host*>(self);
  (*host)(faulty::Message{code, msg, len});
  if (code == RET_OK) {
    void* text = strdup("as it was delivered");
    release(text);
    release(text);
  }
  delete host;
}
}  // namespace

FFI_CTS_EXPORT int probe_echo(void* ctx, FFICallBack callback, void* userData, ::probe_EchoRequest req) {
  if (!callback) return faulty::probe::echo(ctx, callback, userData, req);
  return faulty::probe::echo(ctx, answer, new faulty::Host{callback, userData}, req);
}
