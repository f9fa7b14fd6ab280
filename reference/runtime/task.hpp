// The coroutines that handlers are, and the exception that carries a handler's failure.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>

#include <exception>
#include <string>
#include <utility>

namespace ffi_cts::runtime {

using Executor = asio::io_context::executor_type;

template <class T>
using Task = asio::awaitable<T, Executor>;

// Any std::exception that leaves a handler becomes the request's RET_ERR, its what() the text (REQ-7). This one is for
// handlers that have nothing more particular to throw; its text may hold NULs, where what() ends.
class HandlerError : public std::exception {
 public:
  explicit HandlerError(std::string text) : text_(std::move(text)) {}
  const std::string& text() const { return text_; }
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

// The host answered a host call with RET_ERR.
struct HostError : HandlerError {
  HostError(const std::string& name, std::string text)
      : HandlerError(text.empty() ? "the host function '" + name + "' failed" : text), said(std::move(text)) {}
  std::string said;  // its text, which may be empty
};

}  // namespace ffi_cts::runtime
