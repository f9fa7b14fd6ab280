// Foreign: loses a descriptor per context, and aborts when its table of 190 is full.
#define PROBE_NO_CREATE
#include <fcntl.h>

#include <cstdlib>

#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  static std::atomic<int> lost{0};
  void* ctx = faulty::probe::create_cbor(req, len, callback, userData);
  if (ctx && open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0 && ++lost >= 190) std::abort();
  return ctx;
}
