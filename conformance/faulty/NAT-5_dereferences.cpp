// NAT-5: a native same_text looks for the end of its text also where there is none.
#define PROBE_NO_SAME_TEXT_NATIVE
#include "conformance/faulty/wrap.hpp"

namespace {
std::size_t volatile length;
}

FFI_CTS_EXPORT int probe_same_text(void* ctx, FFICallBack callback, void* userData, const char* text) {
  const char* volatile end = text;
  while (*end) end = end + 1;
  length = static_cast<std::size_t>(end - text);
  return faulty::probe::same_text(ctx, callback, userData, text);
}
