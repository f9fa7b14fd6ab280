// Stands between registry and listener: a plant derives its Listener, whose hear() gets each event, and its state from
// Registry. Such a plant brings create, destroy, add and remove itself: FAULTY_LIFE(contexts), FAULTY_ADD and
// FAULTY_REMOVE, unless they are what it breaks.
#pragma once

#define PROBE_NO_ADD_EVENT_LISTENER
#define PROBE_NO_REMOVE_EVENT_LISTENER
#include <algorithm>
#include <vector>

#include "conformance/faulty/contexts.hpp"

namespace faulty {

struct Registry;

struct Listener {
  Registry* registry = nullptr;  // of its context
  std::string name;              // "" is the wildcard
  Host host;
  std::atomic<std::uint64_t> id{0};  // set once add has returned

  virtual ~Listener() = default;
  virtual void hear(const Message& event) { host(event); }
};

// A context's state. Listeners stay in memory until destroy: a removed one may still hear the event in flight.
struct Registry : Life {
  std::mutex mutex;
  std::vector<std::shared_ptr<Listener>> live, gone;  // in the order added

  std::shared_ptr<Listener> find(std::uint64_t id) {
    const std::lock_guard lock(mutex);
    for (const auto& listener : live) {
      if (listener->id == id) return listener;
    }
    return nullptr;
  }
  void add(std::shared_ptr<Listener> listener) {
    const std::lock_guard lock(mutex);
    live.push_back(std::move(listener));
  }
  void remove(const Listener* listener) {
    const std::lock_guard lock(mutex);
    const auto it = std::find_if(live.begin(), live.end(), [&](const auto& l) { return l.get() == listener; });
    if (it == live.end()) return;
    gone.push_back(std::move(*it));
    live.erase(it);
  }
};

// The listener that hears an event on this thread, or null.
inline thread_local Listener* hearing = nullptr;

inline void hear(int code, const char* msg, std::size_t len, void* listener_) {
  auto* listener = static_cast<Listener*>(listener_);
  Listener* outer = std::exchange(hearing, listener);
  listener->hear({code, msg, len});
  hearing = outer;
}

// Adds a listener of type L under `name`; prepare(L&) runs before it can hear anything.
template <class L, class State, class Prepare>
std::uint64_t add(Contexts<State>& contexts, void* ctx, const char* name, FFICallBack callback, void* userData,
                  Prepare prepare) {
  const auto state = contexts.of(ctx);
  if (!state || !callback) return probe::add_event_listener(ctx, name, callback, userData);
  auto listener = std::make_shared<L>();
  listener->registry = state.get();
  listener->name = name ? name : "";
  listener->host = {callback, userData};
  prepare(*listener);
  state->add(listener);
  const std::uint64_t id = probe::add_event_listener(ctx, name, hear, listener.get());
  listener->id = id;
  if (id == 0) state->remove(listener.get());
  return id;
}
template <class L, class State>
std::uint64_t add(Contexts<State>& contexts, void* ctx, const char* name, FFICallBack callback, void* userData) {
  return add<L>(contexts, ctx, name, callback, userData, [](L&) {});
}

template <class State>
int remove(Contexts<State>& contexts, void* ctx, std::uint64_t id) {
  const auto state = contexts.of(ctx);
  const auto listener = state ? state->find(id) : nullptr;
  const int result = probe::remove_event_listener(ctx, id);
  if (result == RET_OK && listener) state->remove(listener.get());
  return result;
}

}  // namespace faulty

#define FAULTY_ADD(contexts, L)                                                                            \
  FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback, \
                                                        void* userData) {                                  \
    return faulty::add<L>(contexts, ctx, name, callback, userData);                                        \
  }
#define FAULTY_REMOVE(contexts)                                                 \
  FFI_CTS_EXPORT int probe_remove_event_listener(void* ctx, std::uint64_t id) { \
    return faulty::remove(contexts, ctx, id);                                   \
  }
