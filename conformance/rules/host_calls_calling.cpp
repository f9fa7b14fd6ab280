// Calling the host: HST-1, HST-2, HST-16, HST-20.
#include <algorithm>
#include <map>

#include "conformance/rules/host_calls.hpp"

namespace ffi_cts::rules {

// ---- Ids ------------------------------------------------------------------------------------------------------------

namespace {

std::string id_text(const HostCall& call) {
  return call.name + " has id " + std::to_string(call.id);
}

// Two runs of one function that can be one call, made twice: that is HST-2's.
bool same_call(const HostCall& a, const HostCall& b) {
  if (a.function != b.function) return false;
  if (a.request && b.request) return a.request == b.request;
  return std::ranges::equal(a.callback->payload, b.callback->payload);
}

}  // namespace

// HST-1: a call id is non-zero and unlike the id of every earlier call of its context.
Verdict call_ids_are_new(const Trace& trace) {
  std::map<std::pair<const Context*, std::uint64_t>, const HostCall*> seen;
  for (const HostCall& call : trace.host_calls) {
    if (call.id == 0) return breach("a call id that is not 0", "0", {call.callback->entered});
    const auto [earlier, fresh] = seen.try_emplace({call.context, call.id}, &call);
    if (fresh || same_call(*earlier->second, call)) continue;
    return breach("an id that no earlier call of " + (call.context ? call.context->name : "the context") + " had",
                  id_text(call) + ", as did " + earlier->second->name,
                  {earlier->second->callback->entered, call.callback->entered});
  }
  return exercised_if(trace.host_calls.size() > 1);
}

// HST-20: call ids grow, and no two calls of the process have the same. Of one context an id was surely given out after
// another when its request was submitted after that one had been seen.
Verdict call_ids_grow(const Trace& trace) {
  std::map<std::uint64_t, const HostCall*> seen;
  std::map<const Context*, std::vector<const HostCall*>> by_context;
  bool exercised = false;
  for (const HostCall& call : trace.host_calls) {
    if (!call.context) continue;
    const auto [earlier, fresh] = seen.try_emplace(call.id, &call);
    if (earlier->second->context != call.context)
      return breach("an id that no other context's call has", id_text(call) + ", as did " + earlier->second->name,
                    {earlier->second->callback->entered, call.callback->entered});
    exercised |= by_context.size() > 1;
    auto& before = by_context[call.context];
    if (call.request) {
      // Of those that had been seen by the submission the last is the highest.
      const auto seen_by_then = std::ranges::partition_point(
          before, [&](const HostCall* other) { return other->callback->entered < call.request->call->entered; });
      const HostCall* highest = seen_by_then == before.begin() ? nullptr : seen_by_then[-1];
      exercised |= highest != nullptr;
      if (highest && highest->id > call.id)
        return breach("call ids that grow", id_text(call) + ", after " + std::to_string(highest->id),
                      {highest->callback->entered, call.request->call->entered, call.callback->entered});
    }
    // Only the highest so far can matter later, so these ascend both in time and in id.
    if (before.empty() || call.id > before.back()->id) before.push_back(&call);
  }
  return exercised_if(exercised);
}

// ---- The call -------------------------------------------------------------------------------------------------------

namespace {

// No request that may have made this call has it made with these bytes.
bool nobodys_bytes(const Trace& trace, const HostCall& call) {
  if (call.request || !call.context || !call.callback->whole) return false;
  bool somebody = false;
  for (const Request* request : call.context->requests) {
    const bool in_flight =
        request->call->entered < call.callback->entered && answered_at(*request) > call.callback->entered;
    if (!in_flight) continue;
    const bool told = well_formed(*request) && (request->role != RoleName::call_host || request->host_payload);
    if (!told) return false;  // what its handler does cannot be known
    somebody |= request->role == RoleName::call_host;
  }
  if (!somebody) return false;
  return std::ranges::none_of(call.context->requests, [&](const Request* request) {
    return request->host_payload && trace.asks(*call.callback, *request);
  });
}

// The host calls of the contexts so far.
class Earlier {
 public:
  // Two runs of host functions for one call: the same id, or the same request, which had not been answered in between. The
  // earlier one, or null. To be asked of each call in turn.
  const HostCall* made_twice(const HostCall& call) {
    auto& of_id = by_id_[{call.context, call.id}];
    for (const HostCall* other : of_id)
      if (same_call(*other, call)) return other;
    of_id.push_back(&call);
    if (!call.request) return nullptr;
    auto& of_request = by_request_[call.request];
    for (const HostCall* other : of_request) {
      const bool completed =
          std::ranges::any_of(other->completions, [&](const Call* c) { return c->entered < call.callback->entered; });
      if (!completed && !destroy_begun_before(*call.context, call.callback->entered)) return other;
    }
    of_request.push_back(&call);
    return nullptr;
  }

 private:
  std::map<std::pair<const Context*, std::uint64_t>, std::vector<const HostCall*>> by_id_;
  std::map<const Request*, std::vector<const HostCall*>> by_request_;
};

std::string bytes_text(const Callback& callback) {
  return std::to_string(callback.size) + " bytes, \"" + std::string(callback.text().substr(0, 40)) + '"';
}

}  // namespace

// HST-2: a host call invokes the registered function once, with its userData and the request's bytes, outside the
// host's calls.
Verdict host_function_is_called(const Trace& trace) {
  Earlier earlier;
  for (const HostCall& call : trace.host_calls) {
    const Callback& callback = *call.callback;
    if (callback.user_data != callback.expected_user_data)
      return breach(call.function->name + " is called with its own userData", "another value",
                    {call.function->call->entered, callback.entered});
    if (callback.within)
      return breach("a host function is not called inside a call of the host's", "it was",
                    {callback.within->entered, callback.entered});
    if (nobodys_bytes(trace, call))
      return breach(call.function->name + " is called with what a request has it called with", bytes_text(callback),
                    {callback.entered});
    if (callback.schema_mismatch)
      return breach(call.function->name + " is called with parameters of their types", *callback.schema_mismatch, {callback.entered});
    if (!call.context) continue;
    if (const HostCall* first = earlier.made_twice(call))
      return breach("one run of the function for a call", "two", {first->callback->entered, callback.entered});
  }
  for (const Request& request : trace.requests) {
    if (!request.context || request.role != RoleName::call_host || asks_nothing(request)) continue;
    if (surely_registered(request) != 1) continue;
    const Verdict verdict = uncalled(trace, request);
    if (verdict.outcome == Outcome::breach) return verdict;
  }
  return exercised_if(!trace.host_calls.empty());
}

// ---- Waiting for the answer -----------------------------------------------------------------------------------------

namespace {

Stamp pending_until(const HostCall& call) {
  Stamp until = call.request && call.request->reply() ? call.request->reply()->entered : never;
  for (const Call* completion : call.completions) until = std::min(until, completion->entered);
  return until;
}

// Host calls of the context that were open at that stamp, if they are all other requests' own; else none.
std::vector<const HostCall*> open_beside(const Request& request, Stamp at) {
  std::vector<const HostCall*> out;
  for (const HostCall* call : request.context->host_calls) {
    if (call->callback->entered > at || pending_until(*call) < at) continue;
    if (!call->request || call->request == &request) return {};
    out.push_back(call);
  }
  return out;
}

// Nothing moved any more while host calls were open, and this request was answered once they had been completed.
Verdict held_back(const Trace& trace, const Wait& wait, const Request& request) {
  const Callback* reply = request.reply();
  const Verdict nothing = exercised_if(false);
  if (!promises_ok(request) || !request.accepted() || !reply || request.call->returned > wait.over) return nothing;
  if (reply->entered < wait.over || !constructed_before(*request.context, wait.begun)) return nothing;
  if (destroy_begun_before(*request.context, reply->entered)) return nothing;
  const bool busy = std::ranges::any_of(trace.callbacks, [&](const Callback& c) {
    if (c.context != request.context || c.entered > wait.over) return false;
    return c.left > wait.over || (c.left > wait.begun && c.stalled);
  });
  const auto open = open_beside(request, wait.over);
  if (busy || open.empty() || pending_until(*open.front()) > reply->entered) return nothing;
  return breach(request.name + " is answered while " + open.front()->name + " is awaited",
                "it was answered only after that",
                {open.front()->callback->entered, request.call->returned, wait.over, pending_until(*open.front()),
                 reply->entered});
}

}  // namespace

// HST-16: while a host call is awaited the loop serves other requests.
Verdict loop_serves_meanwhile(const Trace& trace) {
  for (const Wait& wait : trace.waits) {
    if (!wait.starved) continue;
    for (const Request& request : trace.requests) {
      const Verdict verdict = held_back(trace, wait, request);
      if (verdict.outcome == Outcome::breach) return verdict;
    }
  }
  std::size_t looked_at = 0;
  for (const HostCall& call : trace.host_calls) {
    if (!call.request || !call.context || ++looked_at > 100) continue;  // some of thousands are enough
    const Stamp until = pending_until(call);
    for (const Request* other : call.context->requests) {
      const Callback* reply = other == call.request ? nullptr : other->reply();
      if (reply && !reply->refusal && other->call->entered > call.callback->entered && reply->entered < until)
        return exercised_if(true);
    }
  }
  return exercised_if(false);
}

}  // namespace ffi_cts::rules
