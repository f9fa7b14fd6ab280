// EVT-11: the index in the payload of a tick is a text, where a number is due.
#include "conformance/faulty/cbor.hpp"
#include "conformance/faulty/listeners.hpp"

namespace {
struct Listener : faulty::Listener {
  void hear(const faulty::Message& event) override {
    const auto index = event.code == RET_OK ? faulty::value_of(event.text(), "index") : std::nullopt;
    if (!index) return host(event);
    host(event.code, faulty::with(event.text(), index->begin, index->end, faulty::text_item("first")));
  }
};
faulty::Contexts<faulty::Registry> contexts;
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_ADD(contexts, Listener)
FAULTY_REMOVE(contexts)
