// EVT-12: an event's buffer is used again as soon as the first listener has heard it.
#include <cstring>

#include "conformance/faulty/listeners.hpp"

namespace {
struct Listener : faulty::Listener {
  void hear(const faulty::Message& event) override {
    host(event);
    // (A failure's text may be a constant.)
    if (event.code == RET_OK) std::memset(const_cast<char*>(event.msg), '#', event.len);
  }
};
faulty::Contexts<faulty::Registry> contexts;
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_ADD(contexts, Listener)
FAULTY_REMOVE(contexts)
