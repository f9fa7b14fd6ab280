// NAT-1: of a list of texts a native mirror copies the pointers, and not the texts.
#define PROBE_NO_MIRROR_NATIVE
#include <vector>

#include "conformance/faulty/wrap.hpp"

namespace {
struct Closure {
  faulty::Host host;
  std::vector<const char*> texts;
};

void answer(int code, const char* msg, std::size_t len, void* self) {
  auto* closure = static_cast<Closure*>(self);
  if (code == RET_OK)
    for (const char* text : closure->texts)
      if (text) faulty::look_at(text);
  closure->host(faulty::Message{code, msg, len});
  delete closure;
}
}  // namespace

FFI_CTS_EXPORT int probe_mirror(void* ctx, FFICallBack callback, void* userData, ::probe_Everything value) {
  if (!callback || value.texts_len == 0) return faulty::probe::mirror(ctx, callback, userData, value);
  auto* closure = new Closure{{callback, userData}, {value.texts, value.texts + value.texts_len}};
  return faulty::probe::mirror(ctx, answer, closure, value);
}
