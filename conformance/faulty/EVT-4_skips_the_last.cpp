// EVT-4: where a context has two listeners or more, the one added last hears nothing, if it has a name.
// (Wildcards are EVT-14's, failures EVT-18's.)
#include "conformance/faulty/listeners.hpp"

namespace {
struct Listener : faulty::Listener {
  bool last_of_many() {
    const std::lock_guard lock(registry->mutex);
    return registry->live.size() > 1 && registry->live.back().get() == this;
  }
  void hear(const faulty::Message& event) override {
    if (name.empty() || event.code != RET_OK || !last_of_many()) host(event);
  }
};
faulty::Contexts<faulty::Registry> contexts;
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_ADD(contexts, Listener)
FAULTY_REMOVE(contexts)
