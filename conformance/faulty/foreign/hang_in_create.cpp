// Foreign: create never returns.
#define PROBE_NO_CREATE
#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t*, std::size_t, FFICallBack, void*) {
  faulty::sleep_forever();
}
