// EVT-11: the envelope has no "eventType", its name stands under "eventName".
#include "conformance/faulty/listeners.hpp"

namespace {
struct Listener : faulty::Listener {
  void hear(const faulty::Message& event) override {
    std::string envelope(event.text());
    const std::size_t key = envelope.find(
        "\x69"
        "eventType");
    if (event.code == RET_OK && key != std::string::npos)
      envelope.replace(key, 10,
                       "\x69"
                       "eventName");
    host(event.code, envelope);
  }
};
faulty::Contexts<faulty::Registry> contexts;
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_ADD(contexts, Listener)
FAULTY_REMOVE(contexts)
