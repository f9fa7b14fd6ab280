// REQ-17: the constructor calls back twice.
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;
}  // namespace

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  return contexts.create(req, len, callback, userData, [](const faulty::Host& host, const faulty::Message& message) {
    host(message);
    host(message);
  });
}

FAULTY_DESTROY(contexts)
