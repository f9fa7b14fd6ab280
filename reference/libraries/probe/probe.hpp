// The probe: a library that plays every role of an interface file, so that the suite can exercise every rule.
// Its ABI is made of plain functions of a static library (probe_core). libprobe.so exports them as probe_<name>;
// a faulty library exports its own wrapper around one or two of them and forwards the rest (probe_exports.hpp).
#pragma once

#include <ffi_cts/abi.h>

#include <cstddef>
#include <cstdint>

namespace ffi_cts::probe {

// {config: {name: tstr, ? delayMs: int, ? fail: tstr}}: waits delayMs, then fails with the text `fail` if there is one.
void* create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) noexcept;
int destroy(void* ctx) noexcept;

std::uint64_t add_event_listener(void* ctx, const char* name, FFICallBack callback, void* userData) noexcept;
int remove_event_listener(void* ctx, std::uint64_t id) noexcept;
int register_host_fn(void* ctx, const char* name, FFIHostFn fn, void* userData) noexcept;
int host_complete(void* ctx, std::uint64_t callId, int ret, const char* msg, std::size_t len) noexcept;

// Procs. Parameters -> reply, as probe.cddl spells them.
#define FFI_CTS_PROBE_PROC(name) \
  int name##_cbor(void* ctx, FFICallBack callback, void* userData, const std::uint8_t* req, std::size_t len) noexcept

FFI_CTS_PROBE_PROC(echo);            // {req: {text, delayMs}} -> {echoed, name}
FFI_CTS_PROBE_PROC(blob);            // {data: bstr} -> {data: bstr}
FFI_CTS_PROBE_PROC(fail);            // {text} -> RET_ERR with exactly that text
FFI_CTS_PROBE_PROC(empty);           // {} -> no value
FFI_CTS_PROBE_PROC(emit);            // {req: {text, count, ? event}} -> no value, after `count` events (tick, or tock)
FFI_CTS_PROBE_PROC(emit_fail);       // {text} -> no value, after a tick whose making failed with that text
FFI_CTS_PROBE_PROC(call_host);       // {key} -> {answer}: host function fetch, bytes as they are
FFI_CTS_PROBE_PROC(call_host_item);  // {key} -> {answer}: host function fetch_item, {key} as CBOR, answered by one CBOR text
FFI_CTS_PROBE_PROC(block);           // {ms} -> no value; sleeps on the loop thread itself
FFI_CTS_PROBE_PROC(progress);        // {text, count} -> {text}, after `count` progress messages {text, index}

#undef FFI_CTS_PROBE_PROC

}  // namespace ffi_cts::probe
