// REQ-9: the process has 32 slots for contexts whose constructor was refused; then create always fails.
#define PROBE_NO_CREATE
#include "conformance/faulty/wrap.hpp"

namespace {
std::atomic<int> leaked{0};
}  // namespace

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  if (leaked >= 32 && callback) {
    faulty::Host{callback, userData}(RET_ERR, "no free context slot");
    return nullptr;
  }
  void* ctx = faulty::probe::create_cbor(req, len, callback, userData);
  if (!ctx) ++leaked;
  return ctx;
}
