// How a context ends: END-1, END-2, END-3, END-10, END-16.
#include <algorithm>

#include "conformance/rules/hearing.hpp"

namespace ffi_cts::rules {
namespace {

// Of something that was asked for with the destroyed handle: END-5's.
bool asked_for_later(const Callback& callback, const Call& destroy) {
  if (callback.request) return callback.request->call->entered > destroy.returned;
  if (callback.listener) return callback.listener->add->entered > destroy.returned;
  return callback.host_function && callback.host_function->call->entered > destroy.returned;
}

std::uint64_t duration_ns(const Call& call) {
  return call.returned_ns - call.entered_ns;
}

Verdict too_long(const Trace& trace, const Call& destroy) {
  Verdict verdict = breach("destroy returns within " + std::to_string(trace.contract.destroy_limit_ms) + " ms",
                           "it took " + std::to_string(duration_ns(destroy) / 1'000'000) + " ms",
                           {destroy.entered, destroy.returned});
  verdict.timing = true;
  return verdict;
}

}  // namespace

// END-1: after destroy returned RET_OK no callback of the context starts or is running.
Verdict silent_after_destroy(const Trace& trace) {
  for (const Callback& callback : trace.callbacks)
    if (callback.entry == Entry::stray && !stray_hears(trace, callback))  // those inherited something: END-9
      return breach("no callback of a context that was destroyed", "a function of an earlier program's was entered",
                    {callback.entered});
  bool exercised = false;
  for (const Context& context : trace.contexts) exercised |= context.destroyed() != nullptr;
  for (const Callback& callback : trace.callbacks) {
    const Call* destroy = callback.context ? callback.context->destroyed() : nullptr;
    if (!destroy || callback.refusal || inside_own_callback(*destroy) || asked_for_later(callback, *destroy)) continue;
    const std::string expected = "no callback of " + callback.context->name + " after its destroy returned RET_OK";
    if (callback.entered > destroy->returned)
      return breach(expected, "one started", {destroy->returned, callback.entered});
    const bool known = callback.left != never || trace.completed();
    if (known && callback.left > destroy->returned)
      return breach(expected, "one was still running", {callback.entered, destroy->returned});
  }
  return exercised_if(exercised);
}

namespace {

// The first destroy that could take effect.
Stamp begun(const Context& context) {
  Stamp first = never;
  for (const Call* destroy : context.destroys)
    if (!inside_own_callback(*destroy)) first = std::min(first, destroy->entered);
  return first;
}

bool in_flight_at(const Request& request, Stamp at) {
  const Callback* reply = request.reply();
  return request.accepted() && request.misuse != Misuse::null_callback && request.call->returned < at &&
         !(reply && reply->entered < at);
}

Verdict ended_once(const Request& request, const Call& destroy) {
  std::vector<Stamp> proof = stamps(request.terminal_callbacks());
  const std::size_t count = proof.size();
  const bool in_time = count > 0 && proof.front() < destroy.returned;
  proof.insert(proof.end(), {request.call->entered, destroy.entered, destroy.returned});
  std::ranges::sort(proof);
  const std::string expected = request.name + " gets its one terminal callback before destroy returns RET_OK";
  if (!in_time) return breach(expected, count == 0 ? "it got none" : "it got it later", std::move(proof));
  if (count > 1) return breach(expected, "it got " + std::to_string(count), std::move(proof));
  return exercised_if(true);
}

}  // namespace

// END-2: destroy ends every request in flight with its one terminal callback before it returns RET_OK.
Verdict destroy_ends_requests(const Trace& trace) {
  bool exercised = false;
  for (const Context& context : trace.contexts) {
    const Call* destroy = context.destroyed();
    if (!destroy || inside_own_callback(*destroy)) continue;
    for (const Request* request : context.requests) {
      if (!in_flight_at(*request, begun(context)) || lost_before_destroy(trace, *request)) continue;
      exercised = true;
      const Verdict once = ended_once(*request, *destroy);
      if (once.outcome == Outcome::breach) return once;
    }
  }
  return exercised_if(exercised);
}

namespace {

// A callback of its context, or a block request, that surely blocked the loop from before this destroy until after it.
bool blocked_throughout(const Trace& trace, const Call& destroy) {
  return std::ranges::any_of(trace.callbacks, [&](const Callback& c) {
    const bool on_loop = c.context == destroy.context && !c.refusal && !c.within;
    return on_loop && c.entered < destroy.entered && (c.left > destroy.returned || c.left == never);
  });
}

}  // namespace

// END-3: while a handler or callback blocks the loop, destroy returns RET_ERR within its limit, and a later one
// succeeds.
Verdict blocked_destroy_gives_up(const Trace& trace) {
  const auto waits_for_ever = [&](const Call& call) {
    return is_destroy(call) && !inside_own_callback(call) && blocked_throughout(trace, call);
  };
  if (const Call* call = running_with(trace, waits_for_ever); call && trace.ending.kind == EndKind::hung)
    return ended_in(trace, *call, "destroy gives up while a callback blocks the loop");
  bool exercised = false;
  for (const Call& call : trace.calls) {
    if (!is_destroy(call) || !call.finished() || inside_own_callback(call)) continue;
    // It returned only after the callback that was held, its own cancelling perhaps, had been let go because nothing else
    // moved any more.
    for (const Callback& held : trace.callbacks)
      if (held.context == call.context && !held.within && waited_for(call, held))
        return breach("destroy gives up while a callback blocks the loop", "it waited for the callback to end",
                      {held.entered, call.entered, held.left, call.returned});
    const bool gave_up = call.result != ret_ok && loop_was_blocked(call) && !call.inside;
    if (!gave_up && !blocked_throughout(trace, call)) continue;
    exercised = true;
    if (duration_ns(call) > generous_limit_ns(trace)) return too_long(trace, call);
    if (!gave_up) continue;
    if (call.result != ret_err && !another_destroy(call, true))
      return breach("destroy returns RET_ERR while the loop is blocked", "it returned " + std::to_string(call.result),
                    {call.entered, call.returned});
    if (const Call* later = fails_later(trace, call))
      return breach("once the loop is free a later destroy returns RET_OK",
                    "it returned " + std::to_string(later->result), {call.returned, later->entered, later->returned});
  }
  return exercised_if(exercised);
}

namespace {

// Nothing of the host's stands in this destroy's way: the first of an open context, with nothing beside it.
bool unhindered(const Trace& trace, const Call& call) {
  return is_destroy(call) && !another_destroy(call, true) && !loop_was_blocked(call) && outside_everything(trace, call);
}

bool before_constructor(const Call& destroy) {
  const Callback* constructor = destroy.context->constructor();
  return !constructor || constructor->entered > destroy.entered;
}

bool alone_at_the_end(const Trace& trace, const Call& destroy) {
  return std::ranges::none_of(trace.calls, [&](const Call& other) {
    return !other.finished() && other.context == destroy.context && other.thread != destroy.thread;
  });
}

}  // namespace

// END-16: unless a handler or callback blocks the loop, destroy returns RET_OK within its limit.
Verdict unblocked_destroy_succeeds(const Trace& trace) {
  const auto hangs = [&](const Call& call) {
    return unhindered(trace, call) && !before_constructor(call) && alone_at_the_end(trace, call);
  };
  if (const Call* call = running_with(trace, hangs); call && trace.ending.kind == EndKind::hung)
    return ended_in(trace, *call, "destroy returns RET_OK while nothing blocks the loop");
  bool exercised = false;
  for (const Call& call : trace.calls) {
    if (!call.finished() || !is_destroy(call) || before_constructor(call) || !unhindered(trace, call)) continue;
    exercised = true;
    if (call.result != ret_ok)
      return breach("destroy returns RET_OK while nothing blocks the loop",
                    "it returned " + std::to_string(call.result), {call.entered, call.returned});
    if (duration_ns(call) > generous_limit_ns(trace)) return too_long(trace, call);
  }
  return exercised_if(exercised);
}

namespace {

// Neither the constructor nor a handler can have been what this destroy waited for: it gave up at once, or they had long been
// answered.
bool nothing_was_in_its_way(const Trace& trace, const Call& destroy) {
  const std::uint64_t half = duration_ns(destroy) / 2;
  if (duration_ns(destroy) < static_cast<std::uint64_t>(trace.contract.destroy_limit_ms) * 1'000'000 / 2) return true;
  return std::ranges::none_of(trace.callbacks, [&](const Callback& callback) {
    return callback.context == destroy.context && !callback.refusal && callback.left_ns + half > destroy.returned_ns;
  }) && destroy.context->constructor();
}

Verdict early_destroy(const Trace& trace, const Call& first) {
  const Context& context = *first.context;
  if (first.result != ret_ok && !may_be_slow(context) && nothing_was_in_its_way(trace, first))
    return breach("destroying " + context.name + " right after create returns RET_OK", "it returned " + std::to_string(first.result),
                  {context.create->returned, first.entered, first.returned});
  const Call* destroy = context.destroyed();
  if (!destroy) {
    if (!trace.completed() || may_be_slow(context))
      return undecidable("the context was not destroyed");
    return breach("destroying " + context.name + " right after create ends it", "it never returned RET_OK",
                  {context.create->returned, first.entered});
  }
  std::vector<Stamp> calls;
  for (const Callback* callback : context.callbacks)
    if (callback->terminal()) calls.push_back(callback->entered);
  if (calls.size() != 1 || calls.front() > destroy->returned) {
    const std::size_t count = calls.size();
    calls.insert(calls.end(), {context.create->entered, destroy->entered, destroy->returned});
    std::ranges::sort(calls);
    return breach("the constructor of " + context.name + " calls back once before destroy returns RET_OK",
                  "it called back " + std::to_string(count) + " times" + (count == 1 ? ", later" : ""), calls);
  }
  for (const Request* request : context.requests) {
    if (!in_flight_at(*request, first.entered)) continue;
    const Verdict once = ended_once(*request, *destroy);
    if (once.outcome == Outcome::breach) return once;
  }
  return exercised_if(true);
}

}  // namespace

// END-10: destroying right after create works.
Verdict destroy_right_after_create(const Trace& trace) {
  const auto early = [&](const Call& call) {
    return is_destroy(call) && before_constructor(call) && !another_destroy(call, true) &&
           outside_everything(trace, call);
  };
  const auto hangs = [&](const Call& call) { return early(call) && alone_at_the_end(trace, call); };
  if (const Call* call = running_with(trace, hangs))
    return ended_in(trace, *call, "destroying right after create returns");
  bool exercised = false;
  Verdict open;
  for (const Call& call : trace.calls) {
    if (!call.finished() || !early(call)) continue;
    const Verdict verdict = early_destroy(trace, call);
    if (verdict.outcome == Outcome::breach) return verdict;
    if (verdict.outcome == Outcome::unknown) open = verdict;
    exercised |= verdict.outcome == Outcome::pass;
  }
  return exercised ? exercised_if(true) : open;
}

}  // namespace ffi_cts::rules
