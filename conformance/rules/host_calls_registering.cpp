// Registering: HST-8, HST-9, HST-10, HST-21.
#include <algorithm>

#include "conformance/rules/host_calls.hpp"

namespace ffi_cts::rules {

namespace {

// The request that the call made, if its handler surely had nothing to call.
const Request* of_nothing(const Call& call) {
  const Request* request = call.request;
  return request && calls_host(*request) && !may_be_registered(*request) ? request : nullptr;
}

// It fails with RET_ERR, and where its handler hands its errors on, with the name of the function.
Verdict fails_as_unregistered(const Trace& trace, const Request& request) {
  const std::string expected = request.name + " fails, since nothing is registered as " + request.host_function;
  const Callback* reply = request.reply();
  const Stamp submitted = request.call->entered;
  if (!request.host_calls.empty())
    return breach(expected, request.host_calls.front()->function->name + " was called",
                  {submitted, request.host_calls.front()->callback->entered});
  if (left_waiting(trace, request))
    return breach(expected, "it had no answer, and nothing moved any more", {submitted, request.call->returned});
  if (!decided(trace, request)) return undecidable(request.name + " had no answer of its own");
  if (reply->code != ret_err) return breach(expected, "RET_OK", {submitted, reply->entered});
  if (request.hands_errors_on && reply->whole && reply->text().find(request.host_function) == std::string_view::npos &&
      !crowded(request))
    return breach("the text of RET_ERR names " + request.host_function,
                  '"' + std::string(reply->text().substr(0, 60)) + '"', {submitted, reply->entered});
  return exercised_if(true);
}

bool unregistered_before(const Request& request) {
  return std::ranges::any_of(registrations(request), [&](const HostFunction* fn) {
    return fn->unregisters && fn->call->entered < answered_at(request);
  });
}

// A function of another name was called for it: PAY-13's.
bool misnamed(const Request& request) {
  return std::ranges::any_of(request.host_calls,
                             [&](const HostCall* call) { return call->function->function != request.host_function; });
}

// The requests whose handlers have nothing to call, because nothing was registered or because it was taken back.
Verdict fail_as_unregistered(const Trace& trace, bool was_taken_back) {
  const auto about = [&](const Call& call) {
    const Request* request = of_nothing(call);
    return request && unregistered_before(*request) == was_taken_back && !misnamed(*request);
  };
  const auto dies = [&](const Call& call) { return call.finished() && about(call); };
  if (const Call* call = crashed_by(trace, dies))
    return ended_by_it(trace, *call, "a host call of an unregistered name fails");
  Tally tally;
  for (const Request& request : trace.requests) {
    if (!about(*request.call)) continue;
    const Verdict verdict = fails_as_unregistered(trace, request);
    if (verdict.outcome == Outcome::breach) return verdict;
    if (verdict.outcome == Outcome::unknown)
      tally.open(verdict.seen);
    else
      tally.exercised();
  }
  return tally.verdict();
}

}  // namespace

// HST-8: a host call of a name that is not registered fails, and where the handler hands the error on, its text names
// it.
Verdict unregistered_name_fails(const Trace& trace) {
  return fail_as_unregistered(trace, false);
}

// HST-9: registering NULL unregisters and returns non-zero; the next call fails as unregistered.
Verdict null_unregisters(const Trace& trace) {
  const auto takes_back = [](const Call& call) { return is_registration(call) && call.host_function->unregisters; };
  const auto plainly = [&](const Call& call) {
    return takes_back(call) && call.host_function->name_kind == NameKind::event;
  };
  if (const Call* call = ended_by(trace, plainly))
    return ended_by_it(trace, *call, "unregistering returns and harms nothing");
  Tally tally;
  for (const Call& call : trace.calls) {
    if (!takes_back(call) || !call.finished()) continue;
    tally.exercised();
    if (call.result == 0)
      return breach("registering NULL returns non-zero", "it returned 0", {call.entered, call.returned});
  }
  const Verdict later = fail_as_unregistered(trace, true);
  return later.outcome == Outcome::breach || later.outcome == Outcome::unknown ? later : tally.verdict();
}

namespace {

// A later registration of the same name that was over when this call's request was submitted.
const HostFunction* successor(const HostCall& call) {
  for (const HostFunction* fn : call.context->host_functions) {
    const bool later = is_registration(*fn->call) && !fn->unregisters && fn->function == call.function->function &&
                       fn->name_kind == call.function->name_kind && fn->call->result == ret_ok &&
                       call.function->call->returned < fn->call->entered;
    if (later && fn->call->returned < call.request->call->entered) return fn;
  }
  return nullptr;
}

}  // namespace

// HST-10: registering again replaces the function for the next call; calls in flight complete as before.
Verdict registering_again_replaces(const Trace& trace) {
  const auto replaces = [](const Call& call) {
    return is_registration(call) && !call.host_function->unregisters && !call.host_function->function.empty() &&
           std::ranges::any_of(call.context->host_functions, [&](const HostFunction* other) {
             return other->function == call.host_function->function && other->call->returned < call.entered;
           });
  };
  if (const Call* call = ended_by(trace, replaces))
    return ended_by_it(trace, *call, "registering again returns and harms nothing");
  bool exercised = false;
  for (const HostCall& call : trace.host_calls) {
    if (!call.request || !call.context) continue;
    if (const HostFunction* fn = successor(call))
      return breach(
          fn->name + " is called for " + call.request->name, call.function->name + " was, which it replaced",
          {call.function->call->entered, fn->call->entered, call.request->call->entered, call.callback->entered});
    exercised |= surely_registered(*call.request) > 1;
  }
  for (const Request& request : trace.requests) {
    if (!request.context || request.role != RoleName::call_host || surely_registered(request) < 2) continue;
    const Verdict verdict = uncalled(trace, request);
    if (verdict.outcome == Outcome::breach) return verdict;
  }
  const Verdict flight =
      ended_right(trace.facts.of<Stories>(trace), spec::rule::HST_10, [](const Story& story) { return story.replaced; });
  return flight.outcome != Outcome::not_exercised ? flight : exercised_if(exercised);
}

// HST-21: registering a NULL or empty name is refused or stored, and never crashes.
Verdict odd_names_harm_nothing(const Trace& trace) {
  const auto nameless = [](const Call& call) {
    return is_registration(call) &&
           (call.host_function->name_kind == NameKind::null || call.host_function->name_kind == NameKind::wildcard);
  };
  if (const Call* call = ended_by(trace, nameless))
    return ended_by_it(trace, *call, "a NULL or empty name is refused or stored");
  return exercised_if(
      std::ranges::any_of(trace.calls, [&](const Call& call) { return nameless(call) && call.finished(); }));
}

}  // namespace ffi_cts::rules
