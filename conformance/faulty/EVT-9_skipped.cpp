// EVT-9: a listener that is removed in an event callback does not hear the event in flight.
#include "conformance/faulty/listeners.hpp"

namespace {
struct Listener : faulty::Listener {
  bool removed = false;  // of the loop alone

  void hear(const faulty::Message& event) override {
    if (!removed) host(event);
  }
};
faulty::Contexts<faulty::Registry> contexts;
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_ADD(contexts, Listener)

FFI_CTS_EXPORT int probe_remove_event_listener(void* ctx, std::uint64_t id) {
  const auto state = contexts.of(ctx);
  const auto listener = id != 0 && state ? state->find(id) : nullptr;
  const int result = faulty::remove(contexts, ctx, id);
  const bool dispatching = faulty::hearing && faulty::hearing->registry == state.get();
  if (result == RET_OK && listener && dispatching) static_cast<Listener&>(*listener).removed = true;
  return result;
}
