// A context of the library under test, and the calls that the roles of its interface file allow.
#pragma once

#include <optional>
#include <string>

#include "harness/bench/host.hpp"
#include "harness/program/payload.hpp"

namespace ffi_cts::bench {

// What a role is asked: `size` bytes for $text or $bytes, and what $ms and $count stand for.
struct Asked {
  std::uint32_t size = 16, ms = 0, count = 1;
};
Bytes request_of(const Interface& interface, RoleName role, Asked asked);

// A request made ready: only the call itself is left to do.
struct Call {
  Call(const Target& target, RoleName role, Asked asked = {});
  Library::Request function;
  Library::RequestWithoutContext function_without_context;
  Bytes bytes;
};

// One context, constructed. What goes wrong ends the process with the reason. The callbacks that it makes must be able
// to outlive it: declare what they are given before it.
class Context {
 public:
  explicit Context(const Target& target);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  // The answer comes to `line`.
  void submit(const Call& call, Line& line) const { submit(call, on_answer, &line); }
  void submit(const Call& call, FFICallBack callback, void* user_data) const;
  // Of the event that role `emit` emits.
  std::uint64_t listen(FFICallBack callback, void* user_data) const;
  void remove(std::uint64_t listener) const;
  // The function that role `call_host` calls.
  void register_host_fn(FFIHostFn fn, void* user_data) const;
  void complete(std::uint64_t call, const Bytes& answer) const;

 private:
  static void on_constructed(int ret, const char* msg, std::size_t len, void* self);
  void need(bool done, std::string_view what) const;

  const Target target_;
  Counter constructed_;
  void* handle_ = nullptr;
};

// What the host answers to role call_host.
Bytes answer_of(const Interface& interface);

}  // namespace ffi_cts::bench
