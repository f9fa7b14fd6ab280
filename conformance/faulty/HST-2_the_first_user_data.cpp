// HST-2: a host function gets the userData of the first one that its context was given.
#include "conformance/faulty/host_functions.hpp"

namespace {
struct State : faulty::Calls {
  std::atomic<void*> first{nullptr};
};
faulty::Contexts<State> contexts;

void call(State& state, const faulty::HostFunction& host, std::uint64_t id, std::string_view request) {
  void* nobody = nullptr;
  state.first.compare_exchange_strong(nobody, host.userData);
  host.fn(id, request.data(), request.size(), state.first);
}
int complete(const faulty::Completion& completion) {
  return completion.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_COMPLETE(complete)

FFI_CTS_EXPORT int probe_register_host_fn(void* ctx, const char* name, FFIHostFn fn, void* userData) {
  if (const auto state = contexts.of(ctx); state && fn) {
    void* nobody = nullptr;
    state->first.compare_exchange_strong(nobody, userData);
  }
  return faulty::bind(contexts, ctx, name, fn, userData, call);
}
