// LOAD-2: the first create ignores SIGPIPE for the whole process.
#define PROBE_NO_CREATE
#include <signal.h>

#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  signal(SIGPIPE, SIG_IGN);
  return faulty::probe::create_cbor(req, len, callback, userData);
}
