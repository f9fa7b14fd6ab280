// END-12: a kilobyte of each context is not given back.
#define PROBE_NO_CREATE
#include <cstdlib>

#include "conformance/faulty/wrap.hpp"

namespace {
void* volatile last;
}

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  last = std::malloc(1024);
  return faulty::probe::create_cbor(req, len, callback, userData);
}
