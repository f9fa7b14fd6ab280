// One context: a loop thread, the instance of the library that lives on it, and what its ABI needs.
// The first part is what the author of a library sees; it is for handlers, on the loop, alone.
// Rules: REQ-12, REQ-14, REQ-17, REQ-21, THR-2, THR-5, END-9 (a context shares nothing with any other).
#pragma once

#include "reference/cbor/codec.hpp"
#include "reference/runtime/events.hpp"
#include "reference/runtime/host_calls.hpp"
#include "reference/runtime/inbox.hpp"

#include <asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace ffi_cts::runtime {

// Makes the library's instance. Owned by the context, so its captures outlive the coroutine.
using Construct = std::function<Task<std::shared_ptr<void>>(Context&)>;

enum class Variant { native, cbor };  // how the constructor's handle travels: decimal text, or that as one CBOR text

class Context {
 public:
  // --- for handlers ---------------------------------------------------------------------------------------------

  // Calls a function of the host and waits for its answer, while the loop serves others. Throws HandlerError with the
  // host's text, or one that names the function when nobody registered it.
  Task<Payload> host_call(std::string name, Payload request);

  Task<void> sleep(std::chrono::milliseconds duration);

  // Every listener has heard the event when this returns.
  template <class T>
  void emit(std::string_view name, const T& payload) {
    emit_with(name, [&payload](cbor::Writer& writer) { cbor::write(writer, payload); });
  }
  // The same for a payload that is made on the spot. What `write_payload` throws is heard by the listeners, as RET_ERR
  // with its text (EVT-18).
  void emit_with(std::string_view name, const std::function<void(cbor::Writer&)>& write_payload);

  template <class Library>
  Library& instance() noexcept {
    return *static_cast<Library*>(instance_.get());
  }

  // --- for the ABI's entry points, from any thread --------------------------------------------------------------

  Context(Construct construct, Variant variant);
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  // Throws std::system_error when there is no thread to be had; then nothing was called and nothing will be.
  void start(void* handle, FFICallBack constructed, void* user_data);
  // False: refused, and a request's reply is forgotten.
  bool submit(std::unique_ptr<Message> message) noexcept;
  // RET_OK: the loop is gone, and the caller retires the handle.
  int destroy() noexcept;
  bool closing() const noexcept { return closing_; }

  Events& events() noexcept { return events_; }
  HostCalls& host_calls() noexcept { return host_calls_; }

 private:
  // Asio lets a context be shut down before it is destroyed, so that suspended coroutines end on the loop's own thread.
  struct Io : asio::io_context {
    Io() : asio::io_context(1) {}
    using asio::io_context::shutdown;
  };

  // loop.cpp
  void run(Reply constructed) noexcept;
  Task<void> construct(Reply constructed);
  void drain() noexcept;
  void take(std::monostate) {}
  void take(Request request);
  void take(Completion completion);
  void run_handler(Request request);
  void throw_if_stopping() const;

  // teardown.cpp
  void close() noexcept;
  void end_everything() noexcept;
  bool finished_in_time() noexcept;

  const Construct construct_;
  const Variant variant_;
  void* handle_ = nullptr;

  Inbox inbox_;
  Io io_;
  Events events_;
  HostCalls host_calls_;

  // Of the loop alone.
  std::shared_ptr<void> instance_;
  bool constructed_ = false;
  MessageQueue early_;  // requests that wait for the constructor
  MessageQueue batch_;

  std::atomic<bool> closing_{false};     // refuse new work
  std::atomic<bool> stopping_{false};    // and drop what there is
  std::atomic<bool> destroying_{false};  // a destroy is at it, or done
  std::mutex finished_mutex_;
  std::condition_variable finished_changed_;
  bool finished_ = false;
  std::thread thread_;
};

}  // namespace ffi_cts::runtime
