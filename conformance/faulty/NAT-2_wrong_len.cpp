// NAT-2: a struct arrives with the length of a pointer to it.
#define PROBE_NO_MIRROR_NATIVE
#include "conformance/faulty/wrap.hpp"

namespace {
void answer(int code, const char* msg, std::size_t len, void* self) {
  const auto* host = static_cast<faulty::Host*>(self);
  (*host)(faulty::Message{code, msg, code == RET_OK ? sizeof msg : len});
  delete host;
}
}  // namespace

FFI_CTS_EXPORT int probe_mirror(void* ctx, FFICallBack callback, void* userData, ::probe_Everything value) {
  if (!callback) return faulty::probe::mirror(ctx, callback, userData, value);
  return faulty::probe::mirror(ctx, answer, new faulty::Host{callback, userData}, value);
}
