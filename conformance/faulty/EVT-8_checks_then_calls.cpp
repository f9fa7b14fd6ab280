// EVT-8: whether the listener was removed is looked up under the lock; it is called after the lock was given up, and only then counts as
// running.
#include <thread>

#include "conformance/faulty/listeners.hpp"

namespace {
struct Listener : faulty::Listener {
  std::mutex mutex;
  bool removed = false;
  std::atomic<bool> running{false};

  void hear(const faulty::Message& event) override {
    {
      const std::lock_guard lock(mutex);
      if (removed) return;
    }
    running = true;
    host(event);
    running = false;
  }
};
faulty::Contexts<faulty::Registry> contexts;
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_ADD(contexts, Listener)

FFI_CTS_EXPORT int probe_remove_event_listener(void* ctx, std::uint64_t id) {
  const auto state = contexts.of(ctx);
  const auto found = id != 0 && state ? state->find(id) : nullptr;
  if (!found || contexts.here()) return faulty::remove(contexts, ctx, id);
  auto& listener = static_cast<Listener&>(*found);
  {
    const std::lock_guard lock(listener.mutex);
    if (listener.removed) return RET_ERR;
    listener.removed = true;
  }
  while (listener.running) std::this_thread::yield();
  return RET_OK;
}
