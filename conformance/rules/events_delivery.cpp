// What reaches whom: EVT-4, EVT-5, EVT-6, EVT-14, EVT-20.
#include <algorithm>
#include <map>

#include "conformance/rules/hearing.hpp"

namespace ffi_cts::rules {

// EVT-4: each event reaches each listener of its name and each wildcard listener exactly once.
Verdict heard_exactly_once(const Trace& trace) {
  const Hearing& hearing = trace.facts.of<Hearing>(trace);
  Found found;
  for (const Listener* listener : hearing.listeners()) {
    for (const Request* request : hearing.emissions()) {
      if (!hearing.addressed(*listener, *request)) continue;
      const std::uint64_t count = hearing.count(*listener, *request);
      if (count > request->emits || hearing.misses(*listener, *request))
        return wrong_count(hearing, *listener, *request);
      found.decided |= count > 0 && count == request->emits;
      found.open |= hearing.expects(*listener, *request);
    }
  }
  return found.verdict(trace);
}

namespace {

const std::string* event_type(const Callback& callback) {
  const Value* type = callback.value ? callback.value->find("eventType") : nullptr;
  return type ? type->text() : nullptr;
}

bool declared(const Trace& trace, const std::string& event) {
  return std::ranges::find(trace.declared_events, event) != trace.declared_events.end();
}

// Nothing is ever emitted under the name that it asked for.
bool nobodys_name(const Trace& trace, const Listener& listener) {
  return listener.name_kind != NameKind::event && !declared(trace, listener.event);
}

}  // namespace

// EVT-5: a listener of another name hears nothing.
Verdict other_names_hear_nothing(const Trace& trace) {
  const Hearing& hearing = trace.facts.of<Hearing>(trace);
  bool exercised = false;
  for (const Listener* listener : hearing.listeners()) {
    if (listener->wildcard() || listener->event.empty()) continue;
    if (listener->name_kind == NameKind::huge || listener->name_kind == NameKind::not_utf8) continue;  // PAY-13's
    for (const auto& [callback, request] : hearing.heard(*listener)) {
      const std::string* type = event_type(*callback);
      if (type && declared(trace, *type) && *type != listener->event)
        return breach(listener->name + " hears nothing but events of its own name", "it heard \"" + *type + "\"",
                      {listener->add->entered, callback->entered});
      if (callback->code == ret_err && nobodys_name(trace, *listener))
        return breach(listener->name + " hears nothing: no event has its name", "it heard an error",
                      {listener->add->entered, callback->entered});
    }
    for (const Request* request : hearing.emissions()) {
      const bool meant_for_others = request->context == listener->context && request->event != listener->event;
      exercised |= meant_for_others && request->accepted() && listener->add->returned < request->call->entered;
    }
  }
  return exercised_if(exercised);
}

// EVT-6: each listener hears events in the order emitted: what was answered before another was submitted comes first.
Verdict heard_in_order(const Trace& trace) {
  const Hearing& hearing = trace.facts.of<Hearing>(trace);
  bool exercised = false;
  for (const Listener* listener : hearing.listeners()) {
    const Heard* newest = nullptr;  // the one submitted last of those heard so far
    std::unordered_map<const Request*, std::uint64_t> seen;
    for (const Heard& heard : hearing.heard(*listener)) {
      // What comes more often than it was emitted is EVT-4's.
      if (!heard.request || ++seen[heard.request] > heard.request->emits) continue;
      const Callback* reply = heard.request->reply();
      const bool answered = reply && reply->code == ret_ok && heard.request->accepted();
      if (newest && answered && reply->entered < newest->request->call->entered)
        return breach(
            listener->name + " hears " + heard.request->name + "'s event before " + newest->request->name + "'s",
            "it heard it after",
            {reply->entered, newest->request->call->entered, newest->callback->entered, heard.callback->entered});
      exercised |= newest && newest->request != heard.request;
      if (!newest || heard.request->call->entered > newest->request->call->entered) newest = &heard;
    }
  }
  return exercised_if(exercised);
}

// EVT-14: NULL and "" both mean the wildcard.
Verdict null_and_empty_are_wildcards(const Trace& trace) {
  if (!trace.contract.wildcard) return exercised_if(false);
  const auto null_name = [](const Call& call) {
    return call.export_ == Export::add_listener && call.listener && call.listener->name_kind == NameKind::null &&
           call.misuse == Misuse::none && call.handle_kind == HandleKind::own && !stale(call) && !call.inside;
  };
  if (const Call* call = running_with(trace, null_name); call && trace.ending.kind != EndKind::hung)
    return ended_in(trace, *call, "adding with a NULL name returns");
  const Hearing& hearing = trace.facts.of<Hearing>(trace);
  Found found;
  for (const Listener* listener : hearing.listeners()) {
    if (!listener->wildcard()) continue;
    for (const Request* request : hearing.emissions()) {
      if (hearing.misses(*listener, *request) && hearing.deaf(*listener) && !churned(trace, *request))
        return wrong_count(hearing, *listener, *request);
      found.decided |= hearing.addressed(*listener, *request) && hearing.count(*listener, *request) > 0;
      found.open |= hearing.expects(*listener, *request);
    }
  }
  return found.verdict(trace);
}

namespace {

// The listeners of one event in the order in which they heard it, those that were registered all the while.
std::map<const Request*, std::vector<const Listener*>> audiences(const Trace& trace, const Hearing& hearing) {
  std::map<const Request*, std::vector<const Listener*>> result;
  for (const Callback& callback : trace.callbacks) {
    const Request* request = hearing.carried(callback);
    const Listener* listener = callback.listener;
    if (!request || request->emits != 1 || listener->shares_function || !hearing.removes(*listener).empty()) continue;
    if (!hearing.expects(*listener, *request) || hearing.count(*listener, *request) != 1) continue;
    result[request].push_back(listener);
  }
  return result;
}

Verdict out_of_turn(const Request& request, const Listener& earlier, const Listener& later) {
  return breach(earlier.name + " hears " + request.name + "'s event before " + later.name, "it heard it after",
                {earlier.add->entered, later.add->entered, request.call->entered});
}

}  // namespace

// EVT-20: for one event, listeners of its name before wildcards, each in the order added.
Verdict names_first_in_order_added(const Trace& trace) {
  const Hearing& hearing = trace.facts.of<Hearing>(trace);
  bool exercised = false;
  for (const auto& [request, audience] : audiences(trace, hearing)) {
    exercised |= audience.size() > 1;
    const Listener* newest[2] = {nullptr, nullptr};  // by kind: of those that have heard it, the one added last
    for (const Listener* listener : audience) {
      const bool wildcard = listener->wildcard() || listener->event.empty();
      if (!wildcard && newest[1]) return out_of_turn(*request, *listener, *newest[1]);
      const Listener*& last = newest[wildcard];
      if (last && listener->add->returned < last->add->entered) return out_of_turn(*request, *listener, *last);
      if (!last || listener->add->entered > last->add->entered) last = listener;
    }
  }
  return exercised_if(exercised);
}

}  // namespace ffi_cts::rules
