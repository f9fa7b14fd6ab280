// A Reply answers one request, exactly once: it is move-only, answering uses it up, and the destructor of one that
// nobody used answers RET_ERR. So whatever ends a handler (a return, a throw, its frame destroyed) ends the request.
// Rules: REQ-1, REQ-2, REQ-4, REQ-6, END-2.
#pragma once

#include "reference/runtime/callback.hpp"
#include "reference/runtime/payload.hpp"

namespace ffi_cts::runtime {

class Reply {
 public:
  Reply() = default;
  Reply(FFICallBack callback, void* user_data) noexcept : callback_(callback), user_data_(user_data) {}
  Reply(Reply&& other) noexcept : callback_(std::exchange(other.callback_, nullptr)), user_data_(other.user_data_) {}
  Reply& operator=(Reply&&) = delete;
  ~Reply() { error("abandoned: the context is closing"); }

  void ok(const Payload& value) noexcept {
    if (auto callback = use_up()) call_back(callback, RET_OK, value.data(), value.size(), user_data_);
  }
  void error(std::string_view text) noexcept {
    if (auto callback = use_up()) call_back_error(callback, text, user_data_);
  }
  // Before the answer, any number of times; after it this does nothing (REQ-6).
  void progress(const Payload& value) noexcept {
    if (callback_ != nullptr) call_back(callback_, RET_STALE_WARN, value.data(), value.size(), user_data_);
  }

  // For a submission that is refused after all: its caller is told inline instead.
  void forget() noexcept { callback_ = nullptr; }

 private:
  FFICallBack use_up() noexcept { return std::exchange(callback_, nullptr); }

  FFICallBack callback_ = nullptr;
  void* user_data_ = nullptr;
};

}  // namespace ffi_cts::runtime
