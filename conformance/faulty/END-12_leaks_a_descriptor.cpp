// END-12: the descriptor that wakes a context's loop is not closed by destroy.
#define PROBE_NO_CREATE
#include <sys/eventfd.h>

#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  void* ctx = faulty::probe::create_cbor(req, len, callback, userData);
  if (ctx) eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return ctx;
}
