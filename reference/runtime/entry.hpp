// The exports, as a library's C symbols forward to them. Each checks what the host passed, copies it, and returns.
// Rules: REQ-3, REQ-5, REQ-9, REQ-13, REQ-18, PAY-1, PAY-11, EVT-3, HST-15, THR-1, THR-9, END-4 to END-8, NAT-1.
#pragma once

#include "reference/runtime/handler.hpp"

namespace ffi_cts::runtime {

inline constexpr const char* null_request = "a NULL request with a length";

void* open(Construct construct, Variant variant, FFICallBack callback, void* user_data) noexcept;
int submit(void* ctx, Handler handler, FFICallBack callback, void* user_data, Payload request) noexcept;
int destroy(void* ctx) noexcept;
std::uint64_t add_event_listener(void* ctx, const char* name, FFICallBack callback, void* user_data) noexcept;
int remove_event_listener(void* ctx, std::uint64_t id) noexcept;
int register_host_fn(void* ctx, const char* name, FFIHostFn fn, void* user_data) noexcept;
int host_complete(void* ctx, std::uint64_t call_id, int ret, const void* msg, std::size_t len) noexcept;

// `make` copies what the host lent. What it throws refuses the call: the host is told, and a default value returned.
template <class Make>
auto copied_or_refused(FFICallBack callback, void* user_data, Make make) noexcept -> decltype(make()) {
  std::string failure;
  try {
    return make();
  } catch (const std::exception& thrown) {
    failure = thrown.what();
  }
  refuse(callback, failure, user_data);
  return {};
}

// The constructor's parameters are decoded on the caller's thread: what is malformed is refused before anything exists
// (REQ-9).
template <class Call>
void* open_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* user_data) noexcept {
  if (callback == nullptr) return nullptr;
  auto construct = copied_or_refused(callback, user_data, [&] {
    if (req == nullptr && len > 0) throw HandlerError(null_request);
    return construct_with(cbor::decode<Call>({req, len}));
  });
  return construct ? open(std::move(construct), Variant::cbor, callback, user_data) : nullptr;
}

template <class Call, class... C>
void* open_native(FFICallBack callback, void* user_data, const C&... from) noexcept {
  if (callback == nullptr) return nullptr;
  auto construct = copied_or_refused(callback, user_data, [&] { return construct_with(arguments<Call>(from...)); });
  return construct ? open(std::move(construct), Variant::native, callback, user_data) : nullptr;
}

// A request is decoded on the loop.
template <class Call>
int submit_cbor(void* ctx, FFICallBack callback, void* user_data, const std::uint8_t* req, std::size_t len) noexcept {
  if (callback == nullptr) return RET_MISSING_CALLBACK;
  auto request = copied_or_refused(callback, user_data, [&]() -> std::optional<Payload> {
    if (req == nullptr && len > 0) throw HandlerError(null_request);
    return Payload::copy(req, len);
  });
  return request ? submit(ctx, handle<Call, Variant::cbor>, callback, user_data, std::move(*request)) : RET_ERR;
}

template <class Call, class... C>
int submit_native(void* ctx, FFICallBack callback, void* user_data, const C&... from) noexcept {
  if (callback == nullptr) return RET_MISSING_CALLBACK;
  auto request = copied_or_refused(
      callback, user_data, [&]() -> std::optional<Payload> { return Payload::owning(arguments<Call>(from...)); });
  return request ? submit(ctx, handle<Call, Variant::native>, callback, user_data, std::move(*request)) : RET_ERR;
}

}  // namespace ffi_cts::runtime
