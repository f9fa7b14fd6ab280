// Chapter 2: refusal.
#include <algorithm>

#include "conformance/rules/requests.hpp"

namespace ffi_cts::rules {

namespace {

// Of a submission that has returned: did it say no?
bool was_refused(const Call& call) {
  return call.export_ == Export::create ? call.result == 0 : call.result != 0;
}

const std::vector<Callback*>& callbacks_of(const Call& call) {
  return call.export_ == Export::create ? call.context->callbacks : call.request->callbacks;
}

// Nothing else was wrong with it, so that its code is the NULL callback's.
bool only_lacks_callback(const Call& call) {
  return call.export_ == Export::request && call.request->role && !call.inside && live_during(call);
}

const Callback* event_of(const Trace& trace, const Request& request) {
  for (const Callback& callback : trace.callbacks)
    if (callback.listener && trace.carries(callback, request)) return &callback;
  return nullptr;
}

}  // namespace

// REQ-3: a NULL callback is refused with RET_MISSING_CALLBACK (constructor: NULL) and has no effect.
// An effect shows where the request emits an event that no other request emits.
Verdict null_callback_is_refused(const Trace& trace) {
  const auto lacks_callback = [](const Call& call) {
    return is_submission(call) && call.misuse == Misuse::null_callback;
  };
  if (const Call* running = running_with(trace, lacks_callback))
    return ended_in(trace, *running, "a submission without callback is refused");
  bool exercised = false;
  for (const Call& call : trace.calls) {
    if (!lacks_callback(call) || !call.finished()) continue;
    exercised = true;
    if (!was_refused(call))
      return breach(call.export_ == Export::create ? "NULL" : "RET_MISSING_CALLBACK (2)", "it was accepted",
                    {call.returned});
    if (only_lacks_callback(call) && call.result != ret_missing_callback)
      return breach("RET_MISSING_CALLBACK (2)", std::to_string(call.result), {call.returned});
    if (!call.request) continue;
    if (const Callback* event = event_of(trace, *call.request))
      return breach("no effect", "its event was heard", {call.returned, event->entered});
  }
  return exercised_if(exercised);
}

// REQ-5: a refused submission returns non-zero and calls back at most once, with RET_ERR, before it returns.
Verdict refusal_calls_back_inside(const Trace& trace) {
  bool exercised = false;
  for (const Call& call : trace.calls) {
    if (!is_submission(call) || !call.finished() || !was_refused(call)) continue;
    exercised = true;
    const auto& callbacks = callbacks_of(call);
    if (callbacks.size() > 1)
      return breach("at most one callback of a refused submission", std::to_string(callbacks.size()),
                    stamps(callbacks));
    if (callbacks.empty()) continue;
    const Callback& callback = *callbacks.front();
    if (callback.entered > call.returned)
      return breach("no callback after a refused submission returned", "one", {call.returned, callback.entered});
    if (callback.code != ret_err)
      return breach("RET_ERR (1) from a refused submission", "code " + std::to_string(callback.code),
                    {callback.entered, call.returned});
  }
  return exercised_if(exercised);
}

// REQ-18: a refused submission calls back exactly once.
Verdict refusal_calls_back_once(const Trace& trace) {
  bool exercised = false;
  for (const Call& call : trace.calls) {
    if (!is_submission(call) || !call.finished() || !was_refused(call) || call.misuse == Misuse::null_callback)
      continue;
    exercised = true;
    const auto& callbacks = callbacks_of(call);
    if (callbacks.size() == 1) continue;
    auto proof = stamps(callbacks);
    proof.push_back(call.returned);
    return breach("one callback of a refused submission", std::to_string(callbacks.size()), proof);
  }
  return exercised_if(exercised);
}

namespace {

bool is_bad(const Request& request) {
  return request.misuse == Misuse::malformed || request.misuse == Misuse::near_miss || request.misuse == Misuse::lenient;
}

bool answered_before(const Request& request, const Call& call) {
  if (request.refused()) return request.call->returned < call.entered;
  return request.accepted() && request.call->returned < call.entered && request.reply() &&
         request.reply()->left < call.entered;
}

bool served_before(const Trace& trace, const Call& call) {
  return std::any_of(trace.requests.begin(), trace.requests.end(), [&](const Request& request) {
    const Callback* reply = promises_ok(request) ? request.reply() : nullptr;
    return reply && reply->code == ret_ok && reply->entered < call.entered;
  });
}

// An echo, alone in the process, that a live context refused or failed after the bad request had been answered.
// Requests had been served before, so that it is not the echo that does not work.
const Request* no_longer_served(const Trace& trace, const Request& bad) {
  if (!bad.context || !served_before(trace, *bad.call)) return nullptr;
  for (const Request* echo : bad.context->requests) {
    if (echo->role != RoleName::echo || !promises_ok(*echo) || !answered_before(bad, *echo->call)) continue;
    if (!live_during(*echo->call) || echo->call->inside) continue;
    const bool failed = echo->refused() || (undisturbed(*echo) && echo->reply()->code == ret_err);
    if (failed && alone(trace, *echo)) return echo;
  }
  return nullptr;
}

}  // namespace

// REQ-8: a malformed request gets one RET_ERR, a doubtful one one answer; the context stays usable.
Verdict malformed_gets_an_error(const Trace& trace) {
  const auto running = running_with(trace, [](const Call& call) { return call.request && is_bad(*call.request); });
  if (running) return ended_in(trace, *running, "a malformed request is answered");
  Tally tally;
  for (const Request& request : trace.requests) {
    if (!is_bad(request) || !request.call->finished()) continue;
    tally.exercised();
    const Callback* reply = request.reply();
    if (request.misuse == Misuse::malformed && reply && reply->code == ret_ok)
      return breach("RET_ERR for a malformed request", "RET_OK", {request.call->entered, reply->entered});
    const auto terminal = request.terminal_callbacks();
    if (request.accepted() && terminal.size() > 1)
      return breach("one answer to a malformed request", std::to_string(terminal.size()), stamps(terminal));
    if (request.accepted() && answer_of(trace, request) == Answer::lost)
      return breach("one answer to a malformed request", "none", {request.call->returned});
    if (request.accepted() && answer_of(trace, request) == Answer::open)
      tally.open(request.name + " had no answer yet");
    if (const Request* echo = no_longer_served(trace, request))
      return breach("the context serves " + echo->name + " after the malformed " + request.name,
                    echo->refused() ? "it was refused" : "it got RET_ERR",
                    {request.call->entered, echo->refused() ? echo->call->returned : echo->reply()->entered});
  }
  return tally.verdict();
}

// REQ-9: a refused constructor returns NULL, calls back once inside the call, with RET_ERR, and leaves nothing owned.
Verdict refused_constructor_owns_nothing(const Trace& trace) {
  bool exercised = false;
  for (const Context& context : trace.contexts) {
    if (!context.refused() || context.create->misuse == Misuse::null_callback) continue;
    exercised = true;
    auto proof = stamps(context.callbacks);
    proof.push_back(context.create->returned);
    if (context.callbacks.size() != 1)
      return breach("one callback of a refused constructor", std::to_string(context.callbacks.size()), proof);
    const Callback& callback = *context.callbacks.front();
    if (callback.entered > context.create->returned)
      return breach("the callback of a refused constructor before it returns", "after", proof);
    if (callback.code != ret_err)
      return breach("RET_ERR (1) from a refused constructor", "code " + std::to_string(callback.code), proof);
  }
  const auto spent = [](const Context& earlier, const Call& create) {
    const bool rightly = earlier.create->misuse != Misuse::none || earlier.role == RoleName::create_fail;
    return rightly && earlier.refused() && earlier.create->returned < create.entered;
  };
  if (const Context* context = starved(trace, spent))
    return breach("refused constructors leave nothing owned", "after them " + context->name + " could not be created",
                  {context->create->entered, context->create->returned});
  return exercised_if(exercised);
}

}  // namespace ffi_cts::rules
