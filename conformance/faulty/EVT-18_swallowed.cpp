// EVT-18: an event whose making failed reaches nobody.
#include "conformance/faulty/listeners.hpp"

namespace {
struct Listener : faulty::Listener {
  void hear(const faulty::Message& event) override {
    if (event.code == RET_OK) host(event);
  }
};
faulty::Contexts<faulty::Registry> contexts;
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_ADD(contexts, Listener)
FAULTY_REMOVE(contexts)
