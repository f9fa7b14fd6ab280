// EVT-4: a dispatch goes through as many listeners as there were at the one before it, so that a new one misses its
// first event. (Wildcards are EVT-14's, failures EVT-18's.)
#include "conformance/faulty/listeners.hpp"

namespace {
struct Listener : faulty::Listener {
  bool counted = false;  // of the loop alone

  void hear(const faulty::Message& event) override {
    if (name.empty() || event.code != RET_OK || std::exchange(counted, true)) host(event);
  }
};
faulty::Contexts<faulty::Registry> contexts;
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_ADD(contexts, Listener)
FAULTY_REMOVE(contexts)
