// The probe's C symbols, each forwarding to probe_core. Include this in exactly one source file of a shared library.
//
// A faulty library defines PROBE_NO_<EXPORT> before the include for each export that it brings itself, and
// writes that one with FFI_CTS_EXPORT, calling ffi_cts::probe::<export> for what it does not break:
//
//   #define PROBE_NO_ECHO
//   #include "reference/libraries/probe/probe_exports.hpp"
//   FFI_CTS_EXPORT int probe_echo_cbor(void* ctx, FFICallBack callback, void* userData, const uint8_t* req, size_t len) { … }
//
// The switches: PROBE_NO_CREATE, _DESTROY, _ADD_EVENT_LISTENER, _REMOVE_EVENT_LISTENER, _REGISTER_HOST_FN,
// _HOST_COMPLETE, _ECHO, _BLOB, _FAIL, _EMPTY, _EMIT, _EMIT_FAIL, _CALL_HOST, _CALL_HOST_ITEM, _BLOCK, _PROGRESS.
#pragma once

#include "reference/libraries/probe/probe.hpp"

#ifndef FFI_CTS_EXPORT
#define FFI_CTS_EXPORT extern "C" __attribute__((visibility("default")))
#endif

#define FFI_CTS_PROBE_EXPORT_PROC(name)                                                            \
  FFI_CTS_EXPORT int probe_##name##_cbor(void* ctx, FFICallBack callback, void* userData,          \
                                         const std::uint8_t* req, std::size_t len) {               \
    return ffi_cts::probe::name##_cbor(ctx, callback, userData, req, len);                         \
  }

#ifndef PROBE_NO_CREATE
FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  return ffi_cts::probe::create_cbor(req, len, callback, userData);
}
#endif
#ifndef PROBE_NO_DESTROY
FFI_CTS_EXPORT int probe_destroy(void* ctx) { return ffi_cts::probe::destroy(ctx); }
#endif
#ifndef PROBE_NO_ADD_EVENT_LISTENER
FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback, void* userData) {
  return ffi_cts::probe::add_event_listener(ctx, name, callback, userData);
}
#endif
#ifndef PROBE_NO_REMOVE_EVENT_LISTENER
FFI_CTS_EXPORT int probe_remove_event_listener(void* ctx, std::uint64_t id) {
  return ffi_cts::probe::remove_event_listener(ctx, id);
}
#endif
#ifndef PROBE_NO_REGISTER_HOST_FN
FFI_CTS_EXPORT int probe_register_host_fn(void* ctx, const char* name, FFIHostFn fn, void* userData) {
  return ffi_cts::probe::register_host_fn(ctx, name, fn, userData);
}
#endif
#ifndef PROBE_NO_HOST_COMPLETE
FFI_CTS_EXPORT int probe_host_complete(void* ctx, std::uint64_t callId, int ret, const char* msg, std::size_t len) {
  return ffi_cts::probe::host_complete(ctx, callId, ret, msg, len);
}
#endif
#ifndef PROBE_NO_ECHO
FFI_CTS_PROBE_EXPORT_PROC(echo)
#endif
#ifndef PROBE_NO_BLOB
FFI_CTS_PROBE_EXPORT_PROC(blob)
#endif
#ifndef PROBE_NO_FAIL
FFI_CTS_PROBE_EXPORT_PROC(fail)
#endif
#ifndef PROBE_NO_EMPTY
FFI_CTS_PROBE_EXPORT_PROC(empty)
#endif
#ifndef PROBE_NO_EMIT
FFI_CTS_PROBE_EXPORT_PROC(emit)
#endif
#ifndef PROBE_NO_EMIT_FAIL
FFI_CTS_PROBE_EXPORT_PROC(emit_fail)
#endif
#ifndef PROBE_NO_CALL_HOST
FFI_CTS_PROBE_EXPORT_PROC(call_host)
#endif
#ifndef PROBE_NO_CALL_HOST_ITEM
FFI_CTS_PROBE_EXPORT_PROC(call_host_item)
#endif
#ifndef PROBE_NO_BLOCK
FFI_CTS_PROBE_EXPORT_PROC(block)
#endif
#ifndef PROBE_NO_PROGRESS
FFI_CTS_PROBE_EXPORT_PROC(progress)
#endif

#undef FFI_CTS_PROBE_EXPORT_PROC
