// LOAD-3: the first create reads the configuration, and nobody guards it: a second thread finds the flag set and the
// table not there yet.
#define PROBE_NO_CREATE
#include <map>

#include "conformance/faulty/wrap.hpp"

namespace {
std::atomic<bool> initialised{false};
std::atomic<std::map<std::string, std::string>*> configuration{nullptr};

void initialise() {
  if (initialised.exchange(true)) return;
  faulty::sleep_ms(1);  // what reading a file takes
  configuration = new std::map<std::string, std::string>{{"log", "off"}};
}

__attribute__((destructor)) void forget() {
  delete configuration.load();
}
}  // namespace

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  initialise();
  const auto* table = configuration.load();
  if (!table) faulty::crash();
  return faulty::probe::create_cbor(req, len, callback, userData);
}
