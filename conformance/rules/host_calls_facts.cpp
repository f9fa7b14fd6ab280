// Of calls and requests, one by one: what the judges of host calls ask of them.
#include <algorithm>

#include "conformance/rules/host_calls.hpp"

namespace ffi_cts::rules {

// ---- Completions ----------------------------------------------------------------------------------------------------

bool is_completion(const Call& call) {
  return call.export_ == Export::host_complete && call.handle_kind == HandleKind::own && call.context && !stale(call);
}

namespace {

bool is_accepted(const Call& completion) {
  return is_completion(completion) && is_valid(completion) && !is_refused(completion);
}

}  // namespace

bool is_repeated(const Call& completion) {
  if (!is_completion(completion) || !completion.host_call) return false;
  return std::ranges::any_of(completion.host_call->completions, [&](const Call* other) {
    return other != &completion && is_accepted(*other) && other->returned < completion.entered;
  });
}

bool is_candidate(const Call& completion) {
  return is_accepted(completion) && !is_repeated(completion);
}

// ---- Registrations --------------------------------------------------------------------------------------------------

bool is_registration(const Call& call) {
  return call.export_ == Export::register_host_fn && call.handle_kind == HandleKind::own && call.context &&
         call.host_function && !stale(call);
}

std::vector<const HostFunction*> registrations(const Request& request) {
  std::vector<const HostFunction*> out;
  for (const HostFunction* fn : request.context->host_functions)
    if (is_registration(*fn->call) && fn->name_kind == NameKind::event && fn->function == request.host_function)
      out.push_back(fn);
  return out;
}

bool may_be_registered(const Request& request) {
  const auto all = registrations(request);
  // Surely after this registration, and over by the submission.
  const auto takes_back = [&](const HostFunction* fn, const HostFunction* other) {
    return other->unregisters && fn->call->returned < other->call->entered &&
           other->call->returned < request.call->entered;
  };
  return std::ranges::any_of(all, [&](const HostFunction* fn) {
    return !fn->unregisters && fn->call->entered < answered_at(request) &&
           std::ranges::none_of(all, [&](const HostFunction* other) { return takes_back(fn, other); });
  });
}

int surely_registered(const Request& request) {
  const auto all = registrations(request);
  const Stamp until = answered_at(request);
  const bool sure = std::ranges::any_of(all, [&](const HostFunction* fn) {
    if (fn->unregisters || fn->call->result != ret_ok || fn->call->returned > request.call->entered) return false;
    return std::ranges::none_of(all, [&](const HostFunction* other) {
      return other->unregisters && other->call->returned > fn->call->entered && other->call->entered < until;
    });
  });
  if (!sure) return 0;
  return static_cast<int>(
      std::ranges::count_if(all, [&](const HostFunction* fn) { return fn->call->entered < until; }));
}

// ---- Requests that call the host ------------------------------------------------------------------------------------

Stamp answered_at(const Request& request) {
  return request.reply() ? request.reply()->entered : never;
}

bool calls_host(const Request& request) {
  return request.role == RoleName::call_host && well_formed(request) && request.accepted() &&
         payload_size(request) <= largest_certain_payload;
}

bool asks_nothing(const Request& request) {
  const auto& question = request.host_payload;
  if (!request.raw_host_payload || !question) return false;
  return (question->text() && question->text()->empty()) || (question->bytes() && question->bytes()->empty());
}

bool left_waiting(const Trace& trace, const Request& request) {
  return fell_silent(trace, *request.context, request.call->returned, answered_at(request));
}

bool decided(const Trace& trace, const Request& request) {
  return (request.reply() && undisturbed(request)) || left_waiting(trace, request);
}

namespace {

// A run of a host function that may have been this request's, although that cannot be told.
bool perhaps_called(const Request& request) {
  return std::ranges::any_of(request.context->host_calls, [&](const HostCall* call) {
    return !call->request && call->callback->entered > request.call->entered &&
           call->callback->entered < answered_at(request);
  });
}

}  // namespace

Verdict uncalled(const Trace& trace, const Request& request) {
  if (!calls_host(request) || !request.host_calls.empty() || perhaps_called(request)) return exercised_if(false);
  if (!decided(trace, request)) return exercised_if(false);
  const std::string expected = "the handler of " + request.name + " calls the registered function";
  const Callback* reply = request.reply();
  if (left_waiting(trace, request)) {
    return breach(expected, "it did not, and nothing moved any more", {request.call->entered, request.call->returned});
  }
  if (reply->code == ret_err && crowded(request)) return exercised_if(false);
  return breach(expected, "it did not: \"" + std::string(reply->text().substr(0, 60)) + '"',
                {request.call->entered, reply->entered});
}

// ---- What ended the program -----------------------------------------------------------------------------------------

namespace {

bool host_thread_crashed(const Trace& trace) {
  return trace.ending.thread >= 0 && trace.ending.thread < max_threads;
}

}  // namespace

const Call* ended_by(const Trace& trace, const std::function<bool(const Call&)>& fits) {
  if (const Call* running = running_with(trace, fits)) return running;
  const bool library_crashed = trace.ending.kind == EndKind::crashed && !host_thread_crashed(trace) &&
                               trace.ending.uncaught.empty() && trace.running_calls().empty();
  if (!library_crashed || trace.calls.empty()) return nullptr;
  const Call& last = trace.calls.back();
  return fits(last) ? &last : nullptr;
}

const Call* crashed_by(const Trace& trace, const std::function<bool(const Call&)>& fits) {
  return trace.ending.kind == EndKind::hung ? nullptr : ended_by(trace, fits);
}

Verdict ended_by_it(const Trace& trace, const Call& call, std::string expected) {
  if (!call.finished()) return ended_in(trace, call, std::move(expected));
  return breach_by_ending(std::move(expected), how_it_ended(trace, nullptr) + ", after it",
                          {call.entered, call.returned});
}

}  // namespace ffi_cts::rules
