// EVT-4: one event in 200 does not reach a listener of its name. (Wildcards are EVT-14's, failures EVT-18's.)
#include "conformance/faulty/listeners.hpp"

namespace {
struct Listener : faulty::Listener {
  void hear(const faulty::Message& event) override {
    if (name.empty() || event.code != RET_OK || !faulty::chance(200)) host(event);
  }
};
faulty::Contexts<faulty::Registry> contexts;
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_ADD(contexts, Listener)
FAULTY_REMOVE(contexts)
