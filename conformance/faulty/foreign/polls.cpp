// Foreign, and correct: a thread of the process wakes every 100 ms and never leaves. It pins the library, so that
// unloading stays safe.
#define PROBE_NO_CREATE
#include <mutex>

#include "conformance/faulty/foreign/for_ever.hpp"
#include "conformance/faulty/wrap.hpp"

namespace {
std::once_flag once;
std::atomic<unsigned> wakes{0};

void poll_for_ever() {
  faulty::start_for_ever([] {
    for (;;) {
      faulty::sleep_ms(100);
      wakes.fetch_add(1, std::memory_order_relaxed);
    }
  });
}
}  // namespace

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  std::call_once(once, poll_for_ever);
  return faulty::probe::create_cbor(req, len, callback, userData);
}
