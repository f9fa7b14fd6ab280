// EVT-8: remove outside callbacks does not wait for the listener that is running.
#include "conformance/faulty/listeners.hpp"

namespace {
struct Listener : faulty::Listener {
  std::atomic<bool> removed{false}, silent{false};

  void hear(const faulty::Message& event) override {
    if (!silent) host(event);
  }
};
faulty::Contexts<faulty::Registry> contexts;
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_ADD(contexts, Listener)

FFI_CTS_EXPORT int probe_remove_event_listener(void* ctx, std::uint64_t id) {
  const auto state = contexts.of(ctx);
  const auto found = id != 0 && state ? state->find(id) : nullptr;
  if (!found) return faulty::probe::remove_event_listener(ctx, id);
  auto& listener = static_cast<Listener&>(*found);
  if (listener.removed.exchange(true)) return RET_ERR;
  if (contexts.here()) return faulty::remove(contexts, ctx, id);
  listener.silent = true;
  return RET_OK;
}
