// REQ-3: create without a callback makes a context.
#define PROBE_NO_CREATE
#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  const FFICallBack nobody = [](int, const char*, std::size_t, void*) {};
  return faulty::probe::create_cbor(req, len, callback ? callback : nobody, userData);
}
