#include "reference/runtime/callback.hpp"

namespace ffi_cts::runtime {
namespace {

thread_local int depth = 0;  // trivial: nothing to run when a host's thread ends after the library was unloaded

struct InsideCallback {
  InsideCallback() { ++depth; }
  ~InsideCallback() { --depth; }
  InsideCallback(const InsideCallback&) = delete;
  InsideCallback& operator=(const InsideCallback&) = delete;
};

const char* never_null(const void* data) { return data != nullptr ? static_cast<const char*>(data) : ""; }

std::string_view never_empty(std::string_view text) { return text.empty() ? std::string_view("unknown error") : text; }

}  // namespace

bool inside_callback() noexcept { return depth > 0; }

void call_back(FFICallBack callback, int ret, const void* data, std::size_t size, void* user_data) noexcept {
  InsideCallback inside;
  callback(ret, never_null(data), size, user_data);
}

void call_back_error(FFICallBack callback, std::string_view text, void* user_data) noexcept {
  text = never_empty(text);
  call_back(callback, RET_ERR, text.data(), text.size(), user_data);
}

void call_host(FFIHostFn fn, std::uint64_t call_id, const void* data, std::size_t size, void* user_data) noexcept {
  InsideCallback inside;
  fn(call_id, never_null(data), size, user_data);
}

int refuse(FFICallBack callback, std::string_view why, void* user_data) noexcept {
  why = never_empty(why);
  callback(RET_ERR, why.data(), why.size(), user_data);
  return RET_ERR;
}

}  // namespace ffi_cts::runtime
