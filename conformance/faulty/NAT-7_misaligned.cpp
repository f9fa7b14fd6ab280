// NAT-7: a struct lies at an odd address.
#define PROBE_NO_MIRROR_NATIVE
#include <cstring>

#include "conformance/faulty/wrap.hpp"

namespace {
void answer(int code, const char* msg, std::size_t len, void* self) {
  const auto* host = static_cast<faulty::Host*>(self);
  alignas(::probe_Everything) char moved[sizeof(::probe_Everything) + 1];
  if (code == RET_OK) {
    std::memcpy(moved + 1, msg, len);
    msg = moved + 1;
  }
  (*host)(faulty::Message{code, msg, len});
  delete host;
}
}  // namespace

FFI_CTS_EXPORT int probe_mirror(void* ctx, FFICallBack callback, void* userData, ::probe_Everything value) {
  if (!callback) return faulty::probe::mirror(ctx, callback, userData, value);
  return faulty::probe::mirror(ctx, answer, new faulty::Host{callback, userData}, value);
}
