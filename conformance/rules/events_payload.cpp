// What an event carries: EVT-11, EVT-12, EVT-18.
#include <algorithm>

#include "conformance/rules/hearing.hpp"

namespace ffi_cts::rules {
namespace {

bool declared(const Trace& trace, const std::string& event) {
  return std::ranges::find(trace.declared_events, event) != trace.declared_events.end();
}

// What is wrong with the envelope; "" if nothing is, or if the event is one that the interface does not declare.
std::string envelope_fault(const Trace& trace, const Callback& callback) {
  if (!callback.value) return "no single well-formed CBOR item (" + std::to_string(callback.size) + " bytes)";
  if (!callback.value->map()) return to_text(*callback.value);
  const Value* type = callback.value->find("eventType");
  if (!type) return "no eventType: " + to_text(*callback.value);
  if (!type->text()) return "an eventType that is no text: " + to_text(*type);
  if (!declared(trace, *type->text())) {
    const Listener& listener = *callback.listener;
    const bool other = listener.name_kind == NameKind::event && *type->text() != listener.event;
    return other ? "eventType " + to_text(*type) : "";
  }
  return callback.value->find("payload") ? "" : "no payload: " + to_text(*callback.value);
}

}  // namespace

// EVT-11: the payload is the envelope {eventType, payload}, the type is the event's name, and the payload fits the schema. (A
// declared name that the listener did not ask for is EVT-5's.)
Verdict events_come_in_their_envelope(const Trace& trace) {
  bool exercised = false;
  for (const Callback& callback : trace.callbacks) {
    if (!callback.listener || callback.code != ret_ok || !callback.whole) continue;
    exercised = true;
    if (const std::string fault = envelope_fault(trace, callback); !fault.empty())
      return breach("the map {eventType: the event's name, payload}", fault, {callback.entered});
    if (callback.schema_mismatch)
      return breach("a payload of the type that the schema gives this event", *callback.schema_mismatch, {callback.entered});
  }
  return exercised_if(exercised);
}

namespace {

bool same_bytes(const Callback& a, const Callback& b) {
  if (a.size != b.size) return false;
  return !a.whole || !b.whole || std::ranges::equal(a.payload, b.payload);
}

// The only event that this context can have been asked for.
bool only_event(const Context& context) {
  std::uint64_t emits = 0;
  for (const Request* request : context.requests) emits += request->role ? request->emits : 2;
  return emits == 1;
}

// Another listener's turn of the event that was heard just before, with bytes that are no event at all.
bool garbled(const Trace& trace, const Hearing& hearing, const Callback& before, const Callback& callback) {
  if (callback.code != ret_ok || !callback.whole || callback.listener == before.listener) return false;
  if (before.code == ret_ok && only_event(*callback.context))
    return envelope_fault(trace, before).empty() && !envelope_fault(trace, callback).empty();
  const Request* request = hearing.carried(before);
  if (!request || request->emits != 1 || callback.size != before.size) return false;
  return !envelope_fault(trace, callback).empty() && hearing.expects(*callback.listener, *request) &&
         hearing.count(*callback.listener, *request) == 0;
}

Verdict other_bytes(const Callback& first, const Callback& second, std::string seen) {
  return breach(second.listener->name + " sees the bytes that " + first.listener->name + " saw", std::move(seen),
                {first.entered, second.entered});
}

}  // namespace

// EVT-12: every listener sees the same bytes, whatever others do to their copies.
Verdict listeners_see_the_same_bytes(const Trace& trace) {
  const Hearing& hearing = trace.facts.of<Hearing>(trace);
  std::unordered_map<const Request*, const Callback*> first;
  std::unordered_map<const Context*, const Callback*> before;
  bool exercised = false;
  for (const Callback& callback : trace.callbacks) {
    if (!callback.listener || !callback.context) continue;
    const Callback*& previous = before[callback.context];
    if (previous && garbled(trace, hearing, *previous, callback))
      return other_bytes(*previous, callback, "it saw others");
    previous = &callback;
    const Request* request = hearing.carried(callback);
    if (!request || request->emits != 1) continue;
    const auto [earlier, fresh] = first.try_emplace(request, &callback);
    if (fresh || earlier->second->listener == callback.listener) continue;
    exercised = true;
    if (!same_bytes(*earlier->second, callback)) return other_bytes(*earlier->second, callback, "it saw others");
    if (callback.changed) return other_bytes(*earlier->second, callback, "they changed while its callback ran");
  }
  return exercised_if(exercised);
}

// EVT-18: what fails while an event is made reaches the listeners as RET_ERR with text.
Verdict failed_events_are_heard(const Trace& trace) {
  const Hearing& hearing = trace.facts.of<Hearing>(trace);
  Found found;
  for (const Listener* listener : hearing.listeners()) {
    std::size_t due = 0, errors = 0;
    std::vector<Stamp> proof = {listener->add->entered};
    for (const Request& request : trace.requests) {
      const bool fails = request.role == RoleName::emit_fail && request.misuse == Misuse::none;
      if (!fails || !request.context || stale(*request.call) || !hearing.expects(*listener, request)) continue;
      found.open = true;
      const Callback* reply = request.accepted() ? request.reply() : nullptr;
      if (!reply || reply->code != ret_ok || !hearing.due_since(*listener, reply->entered)) continue;
      ++due;
      proof.insert(proof.end(), {request.call->entered, reply->entered});
    }
    for (const auto& [callback, request] : hearing.heard(*listener)) {
      if (callback->code != ret_err) continue;
      ++errors;
      found.decided = true;
      if (callback->size == 0)
        return breach("an error that says why", "an empty text", {listener->add->entered, callback->entered});
    }
    if (errors < due)
      return breach(listener->name + " hears of " + std::to_string(due) + " failed event" + (due == 1 ? "" : "s"),
                    "it heard of " + std::to_string(errors), std::move(proof));
    found.decided |= due > 0;
  }
  return found.verdict(trace);
}

}  // namespace ffi_cts::rules
