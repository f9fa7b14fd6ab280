// NAT-1: a native same_text keeps the pointer to its text, and looks at it again when it answers.
#define PROBE_NO_SAME_TEXT_NATIVE
#include "conformance/faulty/wrap.hpp"

namespace {
struct Closure {
  faulty::Host host;
  const char* text;
};

void answer(int code, const char* msg, std::size_t len, void* self) {
  auto* closure = static_cast<Closure*>(self);
  if (code == RET_OK) faulty::look_at(closure->text);
  closure->host(faulty::Message{code, msg, len});
  delete closure;
}
}  // namespace

FFI_CTS_EXPORT int probe_same_text(void* ctx, FFICallBack callback, void* userData, const char* text) {
  if (!callback || !text) return faulty::probe::same_text(ctx, callback, userData, text);
  return faulty::probe::same_text(ctx, answer, new Closure{{callback, userData}, text}, text);
}
