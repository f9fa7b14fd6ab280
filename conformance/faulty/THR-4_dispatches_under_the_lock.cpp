// THR-4: the lock of the registry is held while an event's listeners are called. The thread that dispatches may take it
// again, so calls from inside the callback work.
#include "conformance/faulty/listeners.hpp"

namespace {
struct State : faulty::Registry {
  std::recursive_mutex lock;
};

struct Listener : faulty::Listener {
  void hear(const faulty::Message& event) override {
    const std::lock_guard locked(static_cast<State*>(registry)->lock);
    host(event);
  }
};
faulty::Contexts<State> contexts;
}  // namespace

FAULTY_LIFE(contexts)

FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback,
                                                      void* userData) {
  const auto state = contexts.of(ctx);
  if (!state) return faulty::probe::add_event_listener(ctx, name, callback, userData);
  const std::lock_guard locked(state->lock);
  return faulty::add<Listener>(contexts, ctx, name, callback, userData);
}

FAULTY_REMOVE(contexts)
