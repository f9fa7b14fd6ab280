#include "harness/bench/context.hpp"

#include <fmt/format.h>

#include <thread>

namespace ffi_cts::bench {
namespace {

constexpr auto destroyed_within = std::chrono::minutes(10);  // the measurement's own time limit comes first

Step step_of(RoleName role, Asked asked) {
  Step step;
  step.verb = role == RoleName::create ? Verb::create : Verb::request;
  step.role = role;
  step.payload = {asked.size, 1};
  step.ms = asked.ms;
  step.count = asked.count;
  return step;
}

}  // namespace

Bytes request_of(const Interface& interface, RoleName role, Asked asked) {
  Step step = step_of(role, asked);
  return request_bytes(interface, step, arguments_of(interface, step, 1, Value()));
}

Call::Call(const Target& target, RoleName role, Asked asked)
    : function(target.library.procs[target.interface.role(role)->proc]),
      function_without_context(target.library.procs_without_context[target.interface.role(role)->proc]),
      bytes(request_of(target.interface, role, asked)) {}

Bytes answer_of(const Interface& interface) {
  Step step;
  step.payload = {16, 1};
  return completion_bytes(interface, {}, step, 1);
}

Context::Context(const Target& target) : target_(target) {
  Bytes request = request_of(target.interface, RoleName::create, {});
  handle_ = target_.library.create(request.data(), request.size(), on_constructed, this);
  need(handle_ != nullptr, "create returned NULL");
  constructed_.wait_for(1);
}

// A destroy that gave up waiting for a busy loop is tried again.
Context::~Context() {
  auto end = std::chrono::steady_clock::now() + destroyed_within;
  int ret = target_.library.destroy(handle_);
  while (ret != RET_OK && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ret = target_.library.destroy(handle_);
  }
}

void Context::on_constructed(int ret, const char* msg, std::size_t len, void* self) {
  auto& context = *static_cast<Context*>(self);
  if (ret == RET_OK)
    context.constructed_.add();
  else if (ret != RET_STALE_WARN)
    context.target_.give_up(fmt::format("a constructor answered with code {}: {}", ret, std::string_view(msg, len)));
}

void Context::submit(const Call& call, FFICallBack callback, void* user_data) const {
  const Bytes& bytes = call.bytes;
  int ret = call.function ? call.function(handle_, callback, user_data, bytes.data(), bytes.size())
                          : call.function_without_context(callback, user_data, bytes.data(), bytes.size());
  need(ret == RET_OK, "a request was refused");
}

std::uint64_t Context::listen(FFICallBack callback, void* user_data) const {
  const std::string& event = target_.interface.role(RoleName::emit)->event;
  std::uint64_t id = target_.library.add_event_listener(handle_, event.c_str(), callback, user_data);
  need(id != 0, "a listener was refused");
  return id;
}

void Context::remove(std::uint64_t listener) const {
  need(target_.library.remove_event_listener(handle_, listener) == RET_OK, "removing a listener was refused");
}

void Context::register_host_fn(FFIHostFn fn, void* user_data) const {
  const std::string& name = target_.interface.role(RoleName::call_host)->host;
  need(target_.library.register_host_fn(handle_, name.c_str(), fn, user_data) == RET_OK, "a host function was refused");
}

void Context::complete(std::uint64_t call, const Bytes& answer) const {
  const char* bytes = reinterpret_cast<const char*>(answer.data());
  need(target_.library.host_complete(handle_, call, RET_OK, bytes, answer.size()) == RET_OK,
       "the answer of a host call was refused");
}

void Context::need(bool done, std::string_view what) const {
  if (!done) target_.give_up(what);
}

}  // namespace ffi_cts::bench
