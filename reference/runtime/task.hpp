// The coroutines that handlers are, and the exception that carries a handler's failure.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>

#include <stdexcept>

namespace ffi_cts::runtime {

using Executor = asio::io_context::executor_type;

template <class T>
using Task = asio::awaitable<T, Executor>;

// Any std::exception that leaves a handler becomes the request's RET_ERR, its what() the text (REQ-7). This one is for
// handlers that have nothing more particular to throw.
struct HandlerError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace ffi_cts::runtime
