// The exports, as a library's C symbols forward to them. Each checks what the host passed, copies it, and returns.
// Rules: REQ-3, REQ-5, REQ-9, REQ-13, REQ-18, PAY-1, PAY-11, EVT-3, HST-15, THR-1, THR-9, END-4 to END-8.
#pragma once

#include "reference/runtime/handler.hpp"

namespace ffi_cts::runtime {

void* open(Construct construct, Variant variant, FFICallBack callback, void* user_data) noexcept;
int submit(void* ctx, Handler handler, FFICallBack callback, void* user_data, const void* req, std::size_t len) noexcept;
int destroy(void* ctx) noexcept;
std::uint64_t add_event_listener(void* ctx, const char* name, FFICallBack callback, void* user_data) noexcept;
int remove_event_listener(void* ctx, std::uint64_t id) noexcept;
int register_host_fn(void* ctx, const char* name, FFIHostFn fn, void* user_data) noexcept;
int host_complete(void* ctx, std::uint64_t call_id, int ret, const void* msg, std::size_t len) noexcept;

// `create` is a static function Task<std::unique_ptr<Library>>(Context&, Params). The parameters are decoded on the
// caller's thread: what is malformed is refused before anything exists (REQ-9).
template <auto create>
void* create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* user_data) noexcept {
  if (callback == nullptr) return nullptr;
  Construct construct;
  std::string failure;
  try {
    if (req == nullptr && len > 0) throw HandlerError("a NULL request with a length");
    construct = constructor<create>({req, len});
  } catch (const std::exception& malformed) {
    failure = malformed.what();
  }
  if (construct) return open(std::move(construct), Variant::cbor, callback, user_data);
  refuse(callback, failure, user_data);
  return nullptr;
}

// `method` is a member function Task<Reply>(Params) or Task<Reply>(Params, Progress) of the library's class.
template <auto method>
int submit_cbor(void* ctx, FFICallBack callback, void* user_data, const std::uint8_t* req, std::size_t len) noexcept {
  return submit(ctx, CborHandler<method>::handle, callback, user_data, req, len);
}

}  // namespace ffi_cts::runtime
