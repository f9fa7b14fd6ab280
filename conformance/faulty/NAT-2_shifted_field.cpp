// NAT-2: the library's own struct lacks a field, so all that come after it lie 8 bytes too early.
#define PROBE_NO_MIRROR_NATIVE
#include <cstddef>
#include <cstring>

#include "conformance/faulty/wrap.hpp"

namespace {
void answer(int code, const char* msg, std::size_t len, void* self) {
  const auto* host = static_cast<faulty::Host*>(self);
  if (code == RET_OK) {
    alignas(::probe_Everything) char moved[sizeof(::probe_Everything)] = {};
    constexpr std::size_t from = offsetof(::probe_Everything, texts);
    std::memcpy(moved, msg, from - 8);
    std::memcpy(moved + from - 8, msg + from, sizeof moved - from);
    (*host)(faulty::Message{code, moved, len});
  } else {
    (*host)(faulty::Message{code, msg, len});
  }
  delete host;
}
}  // namespace

FFI_CTS_EXPORT int probe_mirror(void* ctx, FFICallBack callback, void* userData, ::probe_Everything value) {
  if (!callback) return faulty::probe::mirror(ctx, callback, userData, value);
  return faulty::probe::mirror(ctx, answer, new faulty::Host{callback, userData}, value);
}
