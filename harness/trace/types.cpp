#include "harness/trace/types.hpp"

#include <algorithm>

#include "harness/program/payload.hpp"

namespace ffi_cts {
namespace {

using Mismatch = std::optional<std::string>;

// The bytes, since `undefined` is no null.
bool is_no_value(const Callback& callback) { return callback.payload.size() == 1 && callback.payload[0] == 0xf6; }

Mismatch of_reply(const Callback& callback, const Proc& proc, const schema::Schema& schema) {
  if (proc.returns_cddl) return mismatch_of(schema, *proc.returns_cddl, *callback.value, true);
  if (!proc.returns.empty()) return {};
  return is_no_value(callback) ? Mismatch() : "no value (f6) is due, not " + to_text(*callback.value);
}

Mismatch of_event(const Value& envelope, const Interface& interface) {
  const Value* name = envelope.find("eventType");
  const Value* payload = envelope.find("payload");
  if (!name || !name->text() || !payload) return {};
  const auto event = std::ranges::find(interface.events, *name->text(), &EventType::name);
  if (event == interface.events.end() || !event->payload_cddl) return {};
  return mismatch_of(*interface.schema, *event->payload_cddl, *payload, true);
}

// One map, from parameter name to value.
Mismatch of_host_call(const Callback& callback, const Interface& interface) {
  const HostFunctionType* host = interface.host(callback.host_function->function);
  if (!host || host->encoding != HostEncoding::cbor) return {};
  schema::Type request;
  request.kind = schema::Kind::map;
  for (const Param& param : host->params) request.members.push_back({param.name, false, param.cddl});
  return mismatch_of(*interface.schema, request, *callback.value, true);
}

}  // namespace

std::optional<std::string> type_mismatch(const Callback& callback, const Step* step, const Interface& interface) {
  if (!interface.schema || !callback.value) return {};
  if (callback.listener) return of_event(*callback.value, interface);
  if (callback.host_function) return of_host_call(callback, interface);
  const Proc* proc = callback.request && callback.code == ret_ok && step ? called_proc(interface, *step) : nullptr;
  return proc ? of_reply(callback, *proc, *interface.schema) : Mismatch();
}

}  // namespace ffi_cts
