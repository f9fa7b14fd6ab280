// Foreign, and correct: create and destroy take 100 ms each.
#define PROBE_NO_CREATE
#define PROBE_NO_DESTROY
#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  faulty::sleep_ms(100);
  return faulty::probe::create_cbor(req, len, callback, userData);
}

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  const int result = faulty::probe::destroy(ctx);
  if (result == RET_OK) faulty::sleep_ms(100);
  return result;
}
