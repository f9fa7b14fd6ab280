// EVT-6: a listener's events are delivered in pairs, the later one first. An event that finds no second within 20 ms is
// delivered alone.
#include <optional>

#include "conformance/faulty/listeners.hpp"

namespace {
struct Event {
  int code = 0;
  std::string bytes;
};

struct Listener : faulty::Listener, std::enable_shared_from_this<Listener> {
  void* ctx = nullptr;
  std::mutex mutex;
  std::optional<Event> held;
  std::uint64_t turn = 0;         // of the event held
  std::atomic<bool> late{false};  // one is being delivered late

  void hear(const faulty::Message& event) override {
    const auto first = take(0);
    if (first) {
      host(event);
      return host(first->code, first->bytes);
    }
    std::uint64_t mine = 0;
    {
      const std::lock_guard lock(mutex);
      held = Event{event.code, std::string(event.text())};
      mine = ++turn;
    }
    const auto alone = [self = shared_from_this(), mine] { self->deliver_late(mine); };
    if (!faulty::later(ctx, alone, 20)) alone();
  }
  std::optional<Event> take(std::uint64_t which) {
    const std::lock_guard lock(mutex);
    if (which != 0 && which != turn) return std::nullopt;
    return std::exchange(held, std::nullopt);
  }
  void deliver_late(std::uint64_t which) {
    late = true;
    if (const auto event = take(which)) host(event->code, event->bytes);
    late = false;
    late.notify_all();
  }
  // So that removing breaks no rule: nothing is delivered any more, and what is being delivered is over.
  void forget() {
    take(0);
    late.wait(true);
  }
};
faulty::Contexts<faulty::Registry> contexts;
}  // namespace

FAULTY_LIFE(contexts)

FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback,
                                                      void* userData) {
  return faulty::add<Listener>(contexts, ctx, name, callback, userData,
                               [ctx](Listener& listener) { listener.ctx = ctx; });
}

FFI_CTS_EXPORT int probe_remove_event_listener(void* ctx, std::uint64_t id) {
  const auto state = contexts.of(ctx);
  const auto listener = state ? state->find(id) : nullptr;
  const int result = faulty::remove(contexts, ctx, id);
  if (result == RET_OK && listener && !contexts.here()) static_cast<Listener&>(*listener).forget();
  return result;
}
