// EVT-4: the context's first listener hears every event twice.
#include "conformance/faulty/listeners.hpp"

namespace {
struct Listener : faulty::Listener {
  bool first() {
    const std::lock_guard lock(registry->mutex);
    return !registry->live.empty() && registry->live.front().get() == this;
  }
  void hear(const faulty::Message& event) override {
    const bool twice = first();
    host(event);
    if (twice) host(event);
  }
};
faulty::Contexts<faulty::Registry> contexts;
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_ADD(contexts, Listener)
FAULTY_REMOVE(contexts)
