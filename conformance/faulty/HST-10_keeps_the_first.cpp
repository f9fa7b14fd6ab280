// HST-10: a name that is registered again keeps its first function.
#define PROBE_NO_REGISTER_HOST_FN
#include <set>

#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  std::mutex mutex;
  std::set<std::string> names;
};
faulty::Contexts<State> contexts;
}  // namespace

FAULTY_LIFE(contexts)

FFI_CTS_EXPORT int probe_register_host_fn(void* ctx, const char* name, FFIHostFn fn, void* userData) {
  const auto state = contexts.of(ctx);
  if (!state || !name || !*name || state->closing || state->failed)
    return faulty::probe::register_host_fn(ctx, name, fn, userData);
  const std::lock_guard lock(state->mutex);
  if (!fn)
    state->names.erase(name);
  else if (!state->names.insert(name).second)
    return RET_OK;
  return faulty::probe::register_host_fn(ctx, name, fn, userData);
}
