// THR-4: the table of contexts is locked for reading while a reply is delivered, and create locks it for writing.
#define FAULTY_BREAKS_EVERY_PROC
#include <shared_mutex>

#include "conformance/faulty/contexts.hpp"

namespace {
std::shared_mutex table;
thread_local bool delivering = false;
faulty::Contexts<faulty::Life> contexts;

int submit(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) {
    const std::shared_lock locked(table);
    delivering = true;
    host(message);
    delivering = false;
  });
}
}  // namespace

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  std::unique_lock locked(table, std::defer_lock);
  if (!delivering) locked.lock();
  return contexts.create(req, len, callback, userData);
}
FAULTY_DESTROY(contexts)
FAULTY_EVERY_PROC(submit)
