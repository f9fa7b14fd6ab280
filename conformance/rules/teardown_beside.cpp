// Destroy beside other work, and what comes after it: END-8, END-9, END-11.
#include <algorithm>

#include "conformance/rules/hearing.hpp"

namespace ffi_cts::rules {
namespace {

// A request after the refused destroy that fails although no other destroy could be the reason.
const Request* fails_after_refusal(const Call& destroy) {
  Stamp closing = never;
  for (const Call* other : destroy.context->destroys)
    if (!inside_own_callback(*other)) closing = std::min(closing, other->entered);
  for (const Request* request : destroy.context->requests) {
    if (request->call->entered < destroy.returned || request->call->inside || !promises_ok(*request)) continue;
    if (!constructed_before(*destroy.context, request->call->entered) || crowded(*request)) continue;
    const Callback* reply = request->reply();
    const bool failed = request->refused() || (reply && reply->code == ret_err);
    const Stamp answered = reply && !request->refused() ? reply->entered : request->call->returned;
    if (failed && answered < closing) return request;
  }
  return nullptr;
}

Verdict refused_and_unchanged(const Trace& trace, const Call& destroy) {
  const std::string name = destroy.context->name;
  if (destroy.result == ret_ok)
    return breach("destroy inside a callback of " + name + " is refused", "it returned RET_OK",
                  {destroy.inside->entered, destroy.entered, destroy.returned});
  if (const Request* request = fails_after_refusal(destroy))
    return breach("the refused destroy of " + name + " changes nothing", request->name + " failed after it",
                  {destroy.entered, destroy.returned, request->call->entered, request->call->returned});
  if (const Call* later = fails_later(trace, destroy))
    return breach("after the refused destroy of " + name + " one outside callbacks returns RET_OK",
                  "it returned " + std::to_string(later->result), {destroy.returned, later->entered, later->returned});
  return exercised_if(true);
}

}  // namespace

// END-8: destroy inside a callback of its own context is refused at once and changes nothing; inside another's it
// returns.
Verdict destroy_inside_callback(const Trace& trace) {
  const auto inside = [](const Call& call) { return is_destroy(call) && call.inside; };
  if (const Call* call = running_with(trace, inside))
    return ended_in(trace, *call, "destroy inside a callback returns");
  bool exercised = false;
  int looked_at = 0;
  for (const Call& call : trace.calls) {
    if (!inside(call) || !call.finished()) continue;
    exercised = true;
    // What a refused one leaves behind is looked for in all that follows: some of thousands are enough.
    if (!inside_own_callback(call) || ++looked_at > 32) continue;
    const Verdict verdict = refused_and_unchanged(trace, call);
    if (verdict.outcome == Outcome::breach) return verdict;
  }
  return exercised_if(exercised);
}

namespace {

// The carrier must be a request of another context: as if the callback were of that one.
bool carries_of(const Trace& trace, const Callback& callback, const Request& request) {
  if (!request.identifiable || callback.code != ret_ok || callback.entered < request.call->entered) return false;
  Callback probe = callback;
  probe.context = request.context;
  return trace.carries(probe, request);
}

// A function that the host gave to a context runs after its destroy, for a request of a newer one.
const Request* runs_for(const Trace& trace, const Callback& callback) {
  const Call* destroy = callback.context->destroyed();
  if (!destroy || callback.entered < destroy->returned) return nullptr;
  const Call* given = callback.listener        ? callback.listener->add
                      : callback.host_function ? callback.host_function->call
                                               : nullptr;
  if (!given || given->entered > destroy->returned) return nullptr;
  for (const Request& request : trace.requests) {
    const bool events = request.role == RoleName::emit || request.role == RoleName::emit_fail;
    const bool reason = callback.listener ? events : request.role == RoleName::call_host;
    if (reason && request.context && request.context->create->entered > destroy->returned &&
        request.call->entered < callback.entered)
      return &request;
  }
  return nullptr;
}

// The request of a destroyed context whose event reaches a listener of a newer one.
const Request* event_from_before(const Trace& trace, const Callback& callback) {
  if (!callback.listener || !callback.value) return nullptr;
  for (const Request& request : trace.requests) {
    if (!request.context || !destroyed_before(*request.context, *callback.context->create)) continue;
    if (!stale(*request.call) && carries_of(trace, callback, request)) return &request;
  }
  return nullptr;
}

Verdict inherited(const Trace& trace, const Callback& callback) {
  const std::string name = callback.listener ? callback.listener->name : callback.host_function->name;
  if (const Request* request = runs_for(trace, callback))
    return breach("nothing of " + callback.context->name + " runs for " + request->context->name, name + " was entered",
                  {callback.context->destroyed()->returned, request->call->entered, callback.entered});
  if (const Request* request = event_from_before(trace, callback))
    return breach(name + " hears nothing of " + request->context->name, "it heard the event of " + request->name,
                  {request->call->entered, request->context->destroyed()->returned, callback.entered});
  return exercised_if(true);
}

// One that failed to be made, or was destroyed, is no reason for the next to fail.
bool made_with_error(const Context& context) {
  const Callback* constructor = context.constructor();
  return context.role == RoleName::create && context.create->misuse == Misuse::none && context.handle != 0 &&
         constructor && constructor->code == ret_err && first_destroy(context) > constructor->entered;
}

}  // namespace

// END-9: a new context inherits nothing: listeners, queued events, host functions, error states. (Ids: EVT-1, HST-1.)
Verdict new_context_inherits_nothing(const Trace& trace) {
  Stamp destroyed = never;
  for (const Context& context : trace.contexts)
    if (const Call* destroy = context.destroyed()) destroyed = std::min(destroyed, destroy->returned);
  const Hearing& hearing = trace.facts.of<Hearing>(trace);
  for (const Callback& callback : trace.callbacks) {
    if (stray_hears(trace, callback))
      return breach("a new context inherits no listener", "one of an earlier program's heard its event", {callback.entered});
    const bool of_host = callback.context && (callback.listener || callback.host_function);
    if (!of_host || callback.entered < destroyed || hearing.carried(callback)) continue;
    const Verdict verdict = inherited(trace, callback);
    if (verdict.outcome == Outcome::breach) return verdict;
  }
  bool exercised = false;
  for (const Context& later : trace.contexts) {
    exercised |= later.handle != 0 && destroyed < later.create->entered;
    if (!made_with_error(later)) continue;
    for (const Context& earlier : trace.contexts)
      if (destroyed_before(earlier, *later.create) && failed_before(earlier, later.create->entered))
        return breach(later.name + " is made, whatever became of " + earlier.name, "its constructor failed as well",
                      {earlier.constructor()->entered, later.create->entered, later.constructor()->entered});
  }
  return exercised_if(exercised);
}

namespace {

// Runs beside a destroy of its context on another thread, or on a context that a destroy has left closing.
bool against_destroy(const Trace& trace, const Call& call) {
  if (call.export_ == Export::create || call.handle_kind != HandleKind::own || !call.context || stale(call))
    return false;
  return std::ranges::any_of(call.context->destroys, [&](const Call* destroy) {
    const bool closing = destroy->returned < call.entered && destroy->result == ret_err;
    const bool beside = destroy->thread != call.thread && overlap(*destroy, call);
    return destroy != &call && (closing || beside) && outside_everything(trace, *destroy);
  });
}

// A callback that the host keeps running is no fault of the library's.
bool host_holds_loop(const Trace& trace, const Context* context) {
  return std::ranges::any_of(trace.callbacks, [&](const Callback& c) {
    if (c.context != context || c.refusal || c.left != never) return false;
    return std::ranges::none_of(trace.calls, [&](const Call& call) { return !call.finished() && call.inside == &c; });
  });
}

// Of concurrent destroys exactly one returns RET_OK.
Verdict one_destroy_succeeds(const Trace& trace, const Context& context) {
  for (const Call* destroy : context.destroys) {
    bool group = false, success = destroy->result == ret_ok, excused = false;
    const auto weigh = [&](const Call& call) {
      excused |= !call.finished() || stale(call) || !outside_everything(trace, call) || loop_was_blocked(call);
    };
    weigh(*destroy);
    for (const Call* other : context.destroys) {
      if (other == destroy || !overlap(*other, *destroy)) continue;
      group = true;
      weigh(*other);
      if (destroy->finished() && other->finished() && success && other->result == ret_ok)
        return breach("one of the destroys of " + context.name + " returns RET_OK", "two did",
                      {destroy->entered, other->entered, destroy->returned, other->returned});
    }
    for (const Call* other : context.destroys)
      success |= other->finished() && other->result == ret_ok && overlap(*other, *destroy);
    if (group && !success && !excused)
      return breach("one of the destroys of " + context.name + " returns RET_OK", "none did",
                    {destroy->entered, destroy->returned});
  }
  return exercised_if(true);
}

// A submission that raced with the destroy and was accepted is answered, once.
Verdict raced_request(const Trace& trace, const Request& request) {
  const Call* destroy = request.context->destroyed();
  if (!destroy || !request.accepted() || request.misuse == Misuse::null_callback || !overlap(*request.call, *destroy))
    return exercised_if(true);
  std::vector<Stamp> proof = stamps(request.terminal_callbacks());
  const std::size_t count = proof.size();
  if (count == 1 || (count == 0 && !trace.completed())) return exercised_if(true);
  proof.insert(proof.end(), {request.call->entered, request.call->returned, destroy->entered, destroy->returned});
  std::ranges::sort(proof);
  return breach(request.name + ", accepted beside destroy, is answered once",
                "it was answered " + std::to_string(count) + " times", std::move(proof));
}

// While closing, requests, add and register are refused.
Verdict refused_while_closing(const Trace& trace, const Call& call) {
  const bool refusable =
      call.export_ == Export::request || call.export_ == Export::add_listener ||
      (call.export_ == Export::register_host_fn && call.host_function && !call.host_function->unregisters);
  if (!refusable || !call.finished()) return exercised_if(true);
  for (const Call* destroy : call.context->destroys) {
    if (!destroy->finished() || destroy->returned > call.entered || destroy->result != ret_err) continue;
    // The loser of two destroys may be told before the winner has closed the context.
    if (std::ranges::any_of(call.context->destroys, [&](const Call* other) { return other != destroy && overlap(*other, *destroy); })) continue;
    // One that came before the constructor's callback has no excuse for failing: END-10.
    const Callback* constructor = call.context->constructor();
    if (!constructor || constructor->entered > destroy->entered) continue;
    const bool taken = call.export_ == Export::add_listener ? call.result != 0 : call.result == 0;
    if (taken && outside_everything(trace, *destroy))
      return breach("a closing context refuses requests, add and register", "this one was accepted",
                    {destroy->entered, destroy->returned, call.entered, call.returned});
  }
  return exercised_if(true);
}

}  // namespace

// END-11: destroy against other calls: each is accepted (and answered) or refused, nobody hangs, one destroy succeeds.
Verdict destroy_beside_other_calls(const Trace& trace) {
  const auto stuck = [&](const Call& call) {
    return against_destroy(trace, call) && !call.inside && !host_holds_loop(trace, call.context);
  };
  if (const Call* call = running_with(trace, stuck); call && trace.ending.kind == EndKind::hung)
    return ended_in(trace, *call, "a call beside destroy returns");
  bool exercised = false;
  for (const Call& call : trace.calls) {
    if (!against_destroy(trace, call)) continue;
    exercised = true;
    const Verdict closing = refused_while_closing(trace, call);
    if (closing.outcome == Outcome::breach) return closing;
    if (!call.request) continue;
    const Verdict raced = raced_request(trace, *call.request);
    if (raced.outcome == Outcome::breach) return raced;
  }
  for (const Context& context : trace.contexts) {
    const Verdict one = one_destroy_succeeds(trace, context);
    if (one.outcome == Outcome::breach) return one;
  }
  return exercised_if(exercised);
}

}  // namespace ffi_cts::rules
