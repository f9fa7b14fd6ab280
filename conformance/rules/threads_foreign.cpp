// Chapter 7: which thread calls. THR-1 and THR-6.
#include <algorithm>

#include "conformance/rules/threads.hpp"

namespace ffi_cts::rules {
namespace {

bool plain_on_context(const Trace& trace, const Call& call) {
  const Context* context = call.context;
  if (!context || context->handle == 0) return false;
  const bool made = constructed_before(*context, call.entered);
  if (!made && !(call.export_ == Export::destroy && failed_before(*context, call.entered))) return false;
  if (call.export_ != Export::destroy && destroy_begun_before(*context, call.entered)) return false;
  switch (call.export_) {
    case Export::request:
      return call.request && promises_ok(*call.request);
    case Export::add_listener: {
      const bool named = call.listener->name_kind == NameKind::event;
      return named || (call.listener->wildcard() && trace.contract.wildcard);
    }
    case Export::remove_listener:
      return call.listener && call.listener->added() && call.listener->removes.size() == 1 &&
             call.listener->add->returned < call.entered;
    case Export::register_host_fn:
      return call.host_function && !call.host_function->unregisters && call.host_function->name_kind == NameKind::event;
    case Export::host_complete:
      return call.host_call && call.host_call->completions.size() == 1 && call.code == ret_ok;
    case Export::destroy:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool plain(const Trace& trace, const Call& call) {
  if (call.thread >= max_threads || call.misuse != Misuse::none || call.handle_kind != HandleKind::own) return false;
  if (!outside_everything(trace, call)) return false;
  if (call.export_ == Export::create) return call.context && call.context->role == RoleName::create;
  return plain_on_context(trace, call);
}

namespace {

// Nothing of the context's was under way any more: whatever the library does, it has nothing to wait for.
bool idle_before(const Context& context, Stamp stamp) {
  const Callback* constructor = context.constructor();
  const auto answered = [&](const Request* request) {
    const Callback* reply = request->reply();
    return request->call->finished() && (!request->accepted() || (reply && reply->left < stamp));
  };
  const auto completed = [&](const HostCall* call) {
    return std::ranges::any_of(call->completions, [&](const Call* completion) { return completion->returned < stamp; });
  };
  return constructor && constructor->left < stamp && std::ranges::all_of(context.requests, answered) &&
         std::ranges::all_of(context.host_calls, completed);
}

bool failed_create(const Trace& trace, const Context& context) {
  if (contexts_beside(trace, context) > 0) return false;  // there may be no room for more
  const Callback* constructor = context.constructor();
  return context.refused() ||
         (constructor && constructor->code == ret_err && !destroy_begun_before(context, constructor->entered));
}

bool failed_request(const Request& request) {
  if (crowded(request)) return false;
  if (request.refused()) return live_during(*request.call);
  return request.accepted() && undisturbed(request) && request.reply()->code == ret_err;
}

}  // namespace

bool failed(const Trace& trace, const Call& call) {
  if (!call.finished()) return false;
  switch (call.export_) {
    case Export::create:
      return failed_create(trace, *call.context);
    case Export::request:
      return failed_request(*call.request);
    case Export::add_listener:
      return call.result == 0 && must_be_added(trace, *call.listener);
    case Export::destroy:
      return call.result != ret_ok && !another_destroy(call, false) && !loop_was_blocked(call) &&
             idle_before(*call.context, call.entered);
    default:
      return call.result != 0 && live_during(call);
  }
}

bool succeeded(const Call& call) {
  if (!call.finished()) return false;
  switch (call.export_) {
    case Export::create:
      return call.result != 0 && call.context->constructor() && call.context->constructor()->code == ret_ok;
    case Export::request:
      return call.request->accepted() && call.request->reply() && call.request->reply()->code == ret_ok;
    case Export::add_listener:
      return call.result != 0;
    default:
      return call.result == 0;
  }
}

bool alike(const Call& a, const Call& b) {
  if (a.export_ != b.export_) return false;
  if (a.export_ == Export::create) return true;
  return a.context == b.context && (a.export_ != Export::request || (a.request->role && a.request->role == b.request->role));
}

namespace {

// What was asked for failed here, and elsewhere it worked.
Verdict failed_only_here(const std::string& where, const Call& call, const Call& elsewhere) {
  std::vector<Stamp> proof = {call.entered, call.returned, elsewhere.entered, elsewhere.returned};
  std::ranges::sort(proof);
  return breach(words_of(call) + " works " + where, "it failed, and on another thread it did not", std::move(proof));
}

const Call* worked_elsewhere(const Trace& trace, const Call& call, const std::function<bool(const Call&)>& fits) {
  for (const Call& other : trace.calls)
    if (&other != &call && alike(call, other) && fits(other) && succeeded(other)) return &other;
  return nullptr;
}

// The first call that this thread makes, into a library that others have called before.
bool first_of_fresh_thread(const Trace& trace, const Call& call) {
  return call.first_of_thread && !call.first_of_process && call.thread < max_threads && call.misuse == Misuse::none &&
         call.handle_kind == HandleKind::own && outside_everything(trace, call);
}

// It may be refused, but nothing about it is a reason not to return.
bool harmless(const Call& call) {
  if (call.export_ == Export::create) return true;
  if (!call.context || call.context->handle == 0 || destroy_begun_before(*call.context, call.entered)) return false;
  return call.export_ != Export::add_listener || call.listener->name_kind == NameKind::event || call.listener->wildcard();
}

}  // namespace

// THR-1: every export works as the first call that a fresh thread ever makes into the library.
// A call that fails must be seen to work on a thread that is no newcomer: else it is not the thread that it fails for.
Verdict first_call_of_a_thread_works(const Trace& trace) {
  const auto at_fault = [&](const Call& call) {
    const bool own_crash = trace.ending.kind != EndKind::crashed || trace.ending.thread == static_cast<int>(call.thread);
    const bool alone = trace.ending.kind != EndKind::hung || trace.running_calls().size() == 1;
    return own_crash && alone && first_of_fresh_thread(trace, call) && harmless(call);
  };
  if (const Call* call = running_with(trace, at_fault))
    return ended_in(trace, *call, "the first call that a thread makes returns");
  bool exercised = false;
  for (const Call& call : trace.calls) {
    if (!call.finished() || !first_of_fresh_thread(trace, call) || !plain(trace, call)) continue;
    exercised = true;
    if (!failed(trace, call)) continue;
    const auto of_old_thread = [&](const Call& other) { return other.thread != call.thread && !other.first_of_thread; };
    if (const Call* other = worked_elsewhere(trace, call, of_old_thread))
      return failed_only_here("as the first call of its thread", call, *other);
  }
  return exercised_if(exercised);
}

namespace {

// In a program with threads of its own, the teardown runs on another one.
bool same_thread(const Trace& trace, const Call& a, const Call& b) {
  return a.thread == b.thread && !(trace.fresh_threads && (a.step == 0) != (b.step == 0));
}

}  // namespace

// THR-6: a context can be created on one thread, used on others and destroyed on a third.
// A call that fails must be seen to work on the thread that created the context, unless that one cannot try: it has ended,
// or is the library's.
Verdict any_thread_may_use_a_context(const Trace& trace) {
  bool exercised = false;
  for (const Call& call : trace.calls) {
    if (!call.finished() || !call.context || call.export_ == Export::create) continue;
    const Call& create = *call.context->create;
    if (same_thread(trace, call, create) || !plain(trace, call)) continue;
    exercised = true;
    if (!failed(trace, call)) continue;
    const auto of_creator = [&](const Call& other) { return same_thread(trace, other, create); };
    if (const Call* other = worked_elsewhere(trace, call, of_creator))
      return failed_only_here("on another thread than that of its create", call, *other);
    const bool cannot_try = create.thread >= max_threads || (trace.fresh_threads && call.step == 0);
    if (cannot_try && call.export_ == Export::destroy)
      return breach(words_of(call) + " works on another thread than that of its create", "it failed", {call.entered, call.returned});
  }
  return exercised_if(exercised);
}

}  // namespace ffi_cts::rules
