// THR-1: each thread has an arena of its own, which every export sets up. add_event_listener forgot.
#define PROBE_NO_ADD_EVENT_LISTENER
#define PROBE_NO_REMOVE_EVENT_LISTENER
#define PROBE_NO_REGISTER_HOST_FN
#define PROBE_NO_HOST_COMPLETE
#define FAULTY_BREAKS_EVERY_PROC
#include "conformance/faulty/contexts.hpp"

namespace {
struct Arena {
  std::uint64_t used = 0;
};
thread_local Arena place;
thread_local Arena* arena = nullptr;
faulty::Contexts<faulty::Life> contexts;

void attach() {
  if (!arena) arena = &place;
}

int submit(const faulty::Submission& submission) {
  attach();
  return submission.forward();
}
}  // namespace

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  attach();
  return contexts.create(req, len, callback, userData, [](const faulty::Host& host, const faulty::Message& message) {
    attach();  // the loop, too
    host(message);
  });
}
FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  attach();
  return contexts.destroy(ctx);
}
FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback,
                                                      void* userData) {
  const std::uint64_t id = faulty::probe::add_event_listener(ctx, name, callback, userData);
  if (id != 0) arena->used += sizeof id;
  return id;
}
FFI_CTS_EXPORT int probe_remove_event_listener(void* ctx, std::uint64_t id) {
  attach();
  return faulty::probe::remove_event_listener(ctx, id);
}
FFI_CTS_EXPORT int probe_register_host_fn(void* ctx, const char* name, FFIHostFn fn, void* userData) {
  attach();
  return faulty::probe::register_host_fn(ctx, name, fn, userData);
}
FFI_CTS_EXPORT int probe_host_complete(void* ctx, std::uint64_t callId, int ret, const char* msg, std::size_t len) {
  attach();
  return faulty::probe::host_complete(ctx, callId, ret, msg, len);
}
FAULTY_EVERY_PROC(submit)
