// EVT-20: wildcard listeners hear an event before those of its name. (The probe calls names first, so a wildcard is
// registered under every name, and a name as a wildcard that looks at the envelope.)
#include "conformance/faulty/cbor.hpp"
#include "conformance/faulty/listeners.hpp"

namespace {
struct Listener : faulty::Listener {
  std::uint64_t second = 0;  // a wildcard's id under "tock"

  void hear(const faulty::Message& event) override {
    // Only ticks can fail; a failure's message is its text.
    const auto type = event.code == RET_OK ? faulty::text_of(event.text(), "eventType") : "tick";
    if (name.empty() || type == name) host(event);
  }
};
faulty::Contexts<faulty::Registry> contexts;
}  // namespace

FAULTY_LIFE(contexts)

FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback,
                                                      void* userData) {
  const bool wildcard = !name || !*name;
  const std::uint64_t id = faulty::add<Listener>(contexts, ctx, wildcard ? "tick" : "", callback, userData,
                                                 [&](Listener& listener) { listener.name = wildcard ? "" : name; });
  const auto state = contexts.of(ctx);
  const auto listener = wildcard && id != 0 && state ? state->find(id) : nullptr;
  if (listener) {
    static_cast<Listener&>(*listener).second =
        faulty::probe::add_event_listener(ctx, "tock", faulty::hear, listener.get());
  }
  return id;
}

FFI_CTS_EXPORT int probe_remove_event_listener(void* ctx, std::uint64_t id) {
  const auto state = contexts.of(ctx);
  const auto listener = id != 0 && state ? state->find(id) : nullptr;
  const int result = faulty::remove(contexts, ctx, id);
  if (result == RET_OK && listener) {
    const std::uint64_t second = static_cast<Listener&>(*listener).second;
    if (second != 0) faulty::probe::remove_event_listener(ctx, second);
  }
  return result;
}
