// HST-10: registering a name again fails the calls that are in flight.
#include "conformance/faulty/host_functions.hpp"

namespace {
faulty::Contexts<faulty::Calls> contexts;

int complete(const faulty::Completion& completion) {
  const auto state = contexts.of(completion.ctx);
  if (state && !completion.null()) state->forget(completion.id);
  return completion.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_COMPLETE(complete)

FFI_CTS_EXPORT int probe_register_host_fn(void* ctx, const char* name, FFIHostFn fn, void* userData) {
  const int result = faulty::bind(contexts, ctx, name, fn, userData, faulty::plain_call);
  const auto state = contexts.of(ctx);
  if (!state || result != RET_OK || std::string_view(name) != "fetch") return result;
  while (const std::uint64_t id = state->oldest()) {
    state->forget(id);
    probe_host_complete(ctx, id, RET_ERR, "replaced", 8);
  }
  return result;
}
