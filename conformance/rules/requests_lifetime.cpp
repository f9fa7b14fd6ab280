// Chapter 2: requests before the constructor finished and after it failed; signals; and what no other rule owns.
#include <algorithm>

#include "conformance/rules/requests.hpp"
#include "harness/interface/template.hpp"

namespace ffi_cts::rules {

namespace {

constexpr std::uint64_t ms = 1'000'000;

// Submitted when the handle was there and the constructor's callback had not been seen.
bool early(const Request& request) {
  if (!request.context || !well_formed(request) || !request.call->finished()) return false;
  const Callback* constructor = request.context->constructor();
  return constructor && request.context->create->returned < request.call->entered &&
         request.call->returned < constructor->entered;
}

// Its answer came in the first half of a slow construction: then it was not computed after it.
bool long_before(const Callback& reply, const Context& context) {
  const Callback& constructor = *context.constructor();
  const std::uint64_t whole = constructor.entered_ns - context.create->entered_ns;
  const std::uint64_t until_reply = reply.entered_ns - context.create->entered_ns;
  return context.role == RoleName::create_slow && reply.left < constructor.entered && until_reply < whole / 2 &&
         constructor.entered_ns - reply.entered_ns >= 20 * ms;
}

}  // namespace

// REQ-14: no RET_OK was computed without the constructor or after it failed.
// That a reply was stamped before the constructor's callback proves nothing: the constructor may have finished by then.
Verdict nothing_computed_unconstructed(const Trace& trace) {
  bool exercised = false;
  for (const Request& request : trace.requests) {
    const Callback* constructor = request.context ? request.context->constructor() : nullptr;
    if (!constructor || !request.call->finished()) continue;
    if (constructor->code == ret_err || early(request)) exercised = true;
    const Callback* reply = request.reply();
    if (!reply || reply->code != ret_ok || !well_formed(request)) continue;
    // Destroying cancels the constructor too, whose RET_ERR then says nothing of what it did.
    if (constructor->code == ret_err && !destroy_begun_before(*request.context, constructor->entered))
      return breach("no RET_OK where the constructor failed", request.name + " got RET_OK",
                    {constructor->entered, reply->entered});
    if (reply->left > constructor->entered) continue;
    if (request.expected_reply && !request.call->native && reply->value && mismatch(*request.expected_reply, *reply->value))
      return breach("a reply computed with the constructor's result", *mismatch(*request.expected_reply, *reply->value),
                    {reply->entered, constructor->entered});
    if (!long_before(*reply, *request.context)) continue;
    Verdict verdict = breach("no RET_OK before the constructor finished", request.name + " got RET_OK long before",
                             {request.call->entered, reply->entered, constructor->entered});
    verdict.timing = true;
    return verdict;
  }
  return exercised_if(exercised);
}

// REQ-21: requests submitted before the constructor finished wait for it and run.
Verdict early_requests_wait(const Trace& trace) {
  Tally tally;
  for (const Request& request : trace.requests) {
    if (!early(request) || request.call->inside || !promises_ok(request)) continue;
    const Context& context = *request.context;
    if (context.constructor()->code != ret_ok || destroy_begun_before(context, request.call->returned)) continue;
    if (request.refused() && crowded(request)) continue;
    if (request.refused())
      return breach("an early request is accepted", request.name + " was refused",
                    {request.call->returned, context.constructor()->entered});
    const Callback* reply = request.reply();
    if (!reply) {
      tally.open(request.name + " had no answer yet");
    } else if (!destroy_begun_before(context, reply->entered)) {
      tally.exercised();
      if (reply->code == ret_err)
        return breach("an early request waits for the constructor and runs", request.name + " got RET_ERR",
                      {context.constructor()->entered, reply->entered});
    }
  }
  return tally.verdict();
}

namespace {

// Was this call made on a context whose constructor had called back RET_ERR?
bool on_failed(const Call& call) {
  return call.context && call.export_ != Export::create && call.handle_kind == HandleKind::own &&
         failed_before(*call.context, call.entered) && call.context->handle != 0 &&
         !destroyed_before(*call.context, call);
}

bool must_be_refused(const Call& call) {
  const bool adds =
      call.export_ == Export::request || call.export_ == Export::add_listener ||
      (call.export_ == Export::register_host_fn && call.host_function && !call.host_function->unregisters);
  return adds && on_failed(call);
}

bool said_no(const Call& call) {
  return call.export_ == Export::add_listener ? call.result == 0 : call.result != 0;
}

// A destroy that had nothing to wait for: outside callbacks, beside no callback, no other destroy and no block.
bool must_succeed(const Trace& trace, const Call& destroy) {
  if (destroy.export_ != Export::destroy || destroy.inside || !on_failed(destroy)) return false;
  const Context& context = *destroy.context;
  const auto beside = [&](Stamp from, Stamp to) { return from < destroy.returned && to > destroy.entered; };
  return std::none_of(trace.callbacks.begin(), trace.callbacks.end(),
                      [&](const Callback& callback) { return beside(callback.entered, callback.left); }) &&
         std::none_of(context.requests.begin(), context.requests.end(),
                      [](const Request* request) { return may_block(*request); }) &&
         std::none_of(context.destroys.begin(), context.destroys.end(),
                      [&](const Call* other) { return other != &destroy && beside(other->entered, other->returned); });
}

bool given_back(const Context& earlier, const Call& create) {
  const Callback* constructor = earlier.constructor();
  return earlier.handle != 0 && constructor && constructor->code == ret_err && destroyed_before(earlier, create);
}

}  // namespace

// REQ-15: a handle whose constructor called back RET_ERR is closing; destroy works and frees it.
Verdict failed_constructor_is_closing(const Trace& trace) {
  const auto at_fault = [&](const Call& call) { return must_be_refused(call) || must_succeed(trace, call); };
  if (const Call* running = running_with(trace, at_fault))
    return ended_in(trace, *running, "a call on a handle whose constructor failed returns");
  bool exercised = false;
  for (const Call& call : trace.calls) {
    if (!call.finished() || !on_failed(call)) continue;
    const Stamp failed = call.context->constructor()->left;
    if (must_be_refused(call)) {
      exercised = true;
      if (!said_no(call))
        return breach("refused, since the constructor failed", "accepted", {failed, call.entered, call.returned});
    }
    if (must_succeed(trace, call)) {
      exercised = true;
      if (call.result != ret_ok)
        return breach("destroy of a handle whose constructor failed returns RET_OK", std::to_string(call.result),
                      {failed, call.entered, call.returned});
    }
  }
  if (const Context* context = starved(trace, given_back))
    return breach("a destroyed handle whose constructor failed is freed",
                  "after them " + context->name + " could not be created",
                  {context->create->entered, context->create->returned});
  return exercised_if(exercised);
}

Verdict works_as_ever(const Trace& trace, const std::string& under) {
  if (!trace.completed()) {
    const Call* running = running_with(trace, [](const Call&) { return true; });
    return breach_by_ending(under + " end nothing", how_it_ended(trace, running), {running ? running->entered : trace.end});
  }
  const auto nobody = [](const Context&, const Call&) { return true; };
  if (const Context* context = starved(trace, nobody))
    return breach(under + " end nothing", context->name + " could not be created", {context->create->returned});
  bool exercised = false;
  for (const Request& request : trace.requests) {
    if (!well_formed(request) || !request.call->finished()) continue;
    exercised = true;
    if (request.accepted() && answer_of(trace, request) == Answer::lost)
      return breach(under + " lose nothing", request.name + " got no answer", {request.call->returned});
    if (!promises_ok(request)) continue;
    if (request.refused() && live_during(*request.call) && !request.call->inside && !crowded(request))
      return breach(under + " end nothing", request.name + " was refused", {request.call->returned});
    if (request.accepted() && undisturbed(request) && request.reply()->code == ret_err && !crowded(request))
      return breach(under + " change no answer", request.name + " got RET_ERR", {request.call->entered, request.reply()->entered});
  }
  return exercised_if(exercised);
}

// REQ-19: a 1 kHz signal without SA_RESTART disturbs nothing.
// Under the storm every basic promise is watched; the shrinker shows whether the storm was needed to break it.
Verdict signals_disturb_nothing(const Trace& trace) { return trace.signal_storm ? works_as_ever(trace, "signals") : Verdict{}; }

// REQ-22: no legal program crashes the process or hangs a call.
Verdict nothing_else_crashes_or_hangs(const Trace& trace) {
  if (trace.completed()) return exercised_if(!trace.calls.empty());
  const Call* running = running_with(trace, [](const Call&) { return true; });
  return breach_by_ending("the program runs to its end", how_it_ended(trace, running),
                          {running ? running->entered : trace.end});
}

}  // namespace ffi_cts::rules
