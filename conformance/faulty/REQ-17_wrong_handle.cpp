// REQ-17: the constructor's callback names another handle: its last digit is off by one.
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;
}  // namespace

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  return contexts.create(req, len, callback, userData, [](const faulty::Host& host, const faulty::Message& message) {
    if (message.code != RET_OK) return host(message);
    std::string handle(message.text());
    handle.back() = handle.back() == '9' ? '8' : static_cast<char>(handle.back() + 1);
    host(RET_OK, handle);
  });
}

FAULTY_DESTROY(contexts)
