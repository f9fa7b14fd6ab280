#include "harness/trace/expectations.hpp"

#include <algorithm>

namespace ffi_cts {
namespace {

// The pattern without the members that tell what the constructor was given.
Value without_ctor(const Value& pattern) {
  if (!pattern.map()) return pattern;
  Map out;
  for (const auto& [key, value] : *pattern.map())
    if (!value.text() || value.text()->find("$ctor.") == std::string::npos) out.emplace_back(key, without_ctor(value));
  return out;
}

}  // namespace

const Step* step_of(const Steps& steps, int id) {
  return id > 0 && static_cast<std::size_t>(id) < steps.size() ? steps[static_cast<std::size_t>(id)] : nullptr;
}

HostEncoding host_encoding(const Interface& interface) {
  const Role* role = interface.role(RoleName::call_host);
  const HostFunctionType* host = role ? interface.host(role->host) : nullptr;
  return host ? host->encoding : HostEncoding::raw;
}

void forget_roles(Trace& trace) {
  for (Context& context : trace.contexts) {
    Stamp from = drawn(context.create->misuse) ? context.create->entered : never;
    for (const Request* request : context.requests)
      if (!request->role && !request->refused()) from = std::min(from, request->call->entered);
    if (from == never) continue;
    for (Request* request : context.requests)
      if (!request->reply() || request->reply()->entered > from) request->role.reset();
  }
}

Value Expectations::ctor_value(const Context& context) const {
  const Step* step = step_of(steps_, context.create->step);
  if (!step) return {};
  return request_value(interface_, *step, arguments_of(interface_, *step, context.instance, {})).value_or(Value{});
}

Arguments Expectations::role_arguments(const Request& request) const {
  const Value ctor = request.context ? ctor_value(*request.context) : Value{};
  return arguments_of(interface_, *step_of(steps_, request.call->step), request.instance, ctor);
}

void Expectations::of(Context& context) const {
  const Step* step = step_of(steps_, context.create->step);
  const Role* role = interface_.role(context.role);
  if (step && role && role->error && step->misuse == Misuse::none)
    context.expected_error = instantiate_text(*role->error, arguments_of(interface_, *step, context.instance, {}));
}

void Expectations::of_call_host(Request& request, const Role& role, const Arguments& arguments) const {
  request.host_function = role.host;
  request.raw_host_payload = host_encoding(interface_) == HostEncoding::raw;
  request.hands_errors_on = role.error && role.error->find("$answer") != std::string::npos;
  if (role.payload) request.host_payload = instantiate(*role.payload, arguments);
}

void Expectations::of(Request& request) const {
  const Step* step = step_of(steps_, request.call->step);
  const Role* role = request.role ? interface_.role(*request.role) : nullptr;
  // A request without a callback is well-formed: what it must not do can be told by its payload.
  bool plain = request.misuse == Misuse::none || request.misuse == Misuse::null_callback;
  if (!step || !role || !request.context || !plain || request.call->handle_kind != HandleKind::own) return;
  Arguments arguments = role_arguments(request);
  if (role->reply) request.expected_reply = instantiate(*role->reply, arguments);
  if (role->reply) request.expected_echo = instantiate(without_ctor(*role->reply), arguments);
  if (request.call->native) {
    auto cut = [&](std::optional<Value>& reply) {
      if (reply) reply = as_c_delivers(interface_, *called_proc(interface_, *step), std::move(*reply));
    };
    cut(request.expected_reply);
    cut(request.expected_echo);
  }
  request.identifiable = step->payload.size >= identifiable_size;
  request.expects_no_value = request.role == RoleName::empty;
  if (request.role == RoleName::call_host) of_call_host(request, *role, arguments);
  if (request.role == RoleName::fail && role->error) request.expected_error = instantiate_text(*role->error, arguments);
  if (request.role == RoleName::emit || request.role == RoleName::emit_fail) {
    request.emits = request.role == RoleName::emit && holds(role->request, "count") ? step->count : 1;
    request.event = role->event;
    if (role->payload) request.event_payload = instantiate(*role->payload, arguments);
    request.identifiable = request.identifiable && request.event_payload;
  }
}

}  // namespace ffi_cts
