// EVT-10: a listener that is added in an event callback hears the event in flight.
#include "conformance/faulty/listeners.hpp"

namespace {
struct Registry : faulty::Registry {
  std::vector<std::shared_ptr<faulty::Listener>> newcomers;  // of the loop alone
};

struct Listener : faulty::Listener {
  void hear(const faulty::Message& event) override {
    host(event);
    for (const auto& newcomer : std::exchange(static_cast<Registry*>(registry)->newcomers, {})) {
      if (newcomer->name.empty() || newcomer->name == name) newcomer->host(event);
    }
  }
};
faulty::Contexts<Registry> contexts;
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REMOVE(contexts)

FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback,
                                                      void* userData) {
  const auto state = contexts.of(ctx);
  const bool dispatching = faulty::hearing && faulty::hearing->registry == state.get();
  const std::uint64_t id = faulty::add<Listener>(contexts, ctx, name, callback, userData);
  if (id != 0 && state && dispatching) state->newcomers.push_back(state->find(id));
  return id;
}
