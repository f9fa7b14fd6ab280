// The crossings from the library into host code. No lock is held at any of them.
// Rules: PAY-4 (never NULL), PAY-7 (an error says something), REQ-5 (a refusal calls back inline, once).
#pragma once

#include <ffi_cts/abi.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ffi_cts::runtime {

// True on a thread that is inside a callback or host function of any context of this library (EVT-9, END-8).
bool inside_callback() noexcept;

void call_back(FFICallBack callback, int ret, const void* data, std::size_t size, void* user_data) noexcept;
void call_back_error(FFICallBack callback, std::string_view text, void* user_data) noexcept;
void call_host(FFIHostFn fn, std::uint64_t call_id, const void* data, std::size_t size, void* user_data) noexcept;

// Tells the submitter, on its own thread, why nothing was accepted. This one does not count as being inside a
// callback: nothing of the loop runs meanwhile. Returns RET_ERR.
int refuse(FFICallBack callback, std::string_view why, void* user_data) noexcept;

}  // namespace ffi_cts::runtime
