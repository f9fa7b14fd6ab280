// EVT-16: where other threads added or removed listeners since the emission was asked for, one in 20 of those that were
// there all along misses the event. (Wildcards are EVT-14's, failures EVT-18's.)
#define PROBE_NO_EMIT
#include <thread>

#include "conformance/faulty/listeners.hpp"

namespace {
struct Registry : faulty::Registry {
  std::atomic<int> version{0}, version_at_emission{0};
  std::atomic<std::thread::id> emitter;
};

struct Listener : faulty::Listener {
  void hear(const faulty::Message& event) override {
    const auto& state = static_cast<const Registry&>(*registry);
    const bool churn = state.version != state.version_at_emission && !name.empty() && event.code == RET_OK;
    if (!churn || !faulty::chance(20)) host(event);
  }
};
faulty::Contexts<Registry> contexts;

int emit(const faulty::Submission& submission) {
  if (const auto state = contexts.of(submission.ctx)) {
    state->emitter = std::this_thread::get_id();
    state->version_at_emission = state->version.load();
  }
  return submission.forward();
}

// The listeners are about to be changed by another thread than the one that emits.
void churn(void* ctx) {
  const auto state = contexts.of(ctx);
  if (state && !contexts.here() && state->emitter.load() != std::this_thread::get_id()) ++state->version;
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_PROC(emit, emit)

FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback,
                                                      void* userData) {
  churn(ctx);
  return faulty::add<Listener>(contexts, ctx, name, callback, userData);
}

FFI_CTS_EXPORT int probe_remove_event_listener(void* ctx, std::uint64_t id) {
  churn(ctx);
  return faulty::remove(contexts, ctx, id);
}
