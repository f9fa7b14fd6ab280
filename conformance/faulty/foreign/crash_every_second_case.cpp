// Foreign: the second create of a process crashes.
#define PROBE_NO_CREATE
#include "conformance/faulty/wrap.hpp"

namespace {
std::atomic<int> creates{0};
}  // namespace

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  if (++creates % 2 == 0) faulty::crash();
  return faulty::probe::create_cbor(req, len, callback, userData);
}
