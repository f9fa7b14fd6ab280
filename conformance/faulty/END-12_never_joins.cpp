// END-12: a thread of each context ends and is never joined, so that its stack stays.
#define PROBE_NO_CREATE
#include <pthread.h>

#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  void* ctx = faulty::probe::create_cbor(req, len, callback, userData);
  pthread_t helper;
  if (ctx) pthread_create(&helper, nullptr, [](void*) -> void* { return nullptr; }, nullptr);
  return ctx;
}
