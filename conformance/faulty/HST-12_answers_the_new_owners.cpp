// HST-12: a completion with a destroyed handle answers the oldest call of the context that was made last.
#include "conformance/faulty/host_functions.hpp"

namespace {
faulty::Contexts<faulty::Calls> contexts;
faulty::Graves graves;
std::atomic<void*> latest{nullptr};

int complete(faulty::Completion completion) {
  const bool late = graves.has(completion.ctx);
  if (late) completion.ctx = latest;
  const auto state = contexts.of(completion.ctx);
  if (!state || completion.null()) return completion.forward();
  if (late) completion.id = state->oldest();
  state->forget(completion.id);
  return completion.forward();
}
}  // namespace

FAULTY_REGISTER(contexts, faulty::plain_call)
FAULTY_COMPLETE(complete)

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  void* ctx = contexts.create(req, len, callback, userData);
  if (ctx) latest = ctx;
  return ctx;
}
FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  const int result = contexts.destroy(ctx);
  if (result == RET_OK) graves.add(ctx);
  return result;
}
