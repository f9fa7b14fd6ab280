// Chapter 7: what goes on while the host keeps a callback. THR-4 and THR-5.
// A callback that was parked until every thread slept and nothing timed was pending (Callback::stalled_at) shows what
// waits for it: whatever was under way at that moment and went on only when it left.
#include <algorithm>

#include "conformance/rules/threads.hpp"

namespace ffi_cts::rules {
namespace {

// The library may make this call wait for the callback: a remove for its context's dispatch, a destroy up to its limit. That a
// submission waits for its own loop needs no lock: REQ-13.
bool may_wait(const Call& call, const Callback& callback) {
  const bool of_its_loop = call.export_ == Export::remove_listener || call.export_ == Export::request;
  return call.export_ == Export::destroy || (of_its_loop && call.context == callback.context);
}

// Entered and returned while the callback ran.
bool passed_by(const Call& call, const Callback& callback) {
  return call.thread != callback.thread && call.entered > callback.entered && call.returned < callback.left;
}

bool counts(const Callback& callback) { return callback.context && !callback.refusal; }

// Calls f(call, callback) for each callback that ran when the call entered. Few run at any time.
template <typename F>
void beside_callbacks(const Trace& trace, F&& f) {
  std::vector<const Callback*> running;
  auto next = trace.callbacks.begin();
  for (const Call& call : trace.calls) {
    for (; next != trace.callbacks.end() && next->entered < call.entered; ++next)
      if (counts(*next)) running.push_back(&*next);
    std::erase_if(running, [&](const Callback* callback) { return callback->left < call.entered; });
    for (const Callback* callback : running) f(call, *callback);
  }
}

}  // namespace

// THR-4: no lock of the library is held while host code runs.
// A trace shows it where the lock is one that an export takes: called from another thread, that one waits for the callback.
Verdict parked_callback_holds_no_lock(const Trace& trace) {
  bool exercised = false;
  for (const Callback& callback : trace.callbacks) {
    if (!callback.stalled || !counts(callback)) continue;
    for (const Call& call : trace.calls)
      if (waited_for(call, callback) && !may_wait(call, callback))
        return breach("exports return on other threads while a callback is parked",
                      words_of(call) + " waited for it", {callback.entered, call.entered, callback.left, call.returned});
  }
  beside_callbacks(trace, [&](const Call& call, const Callback& callback) { exercised |= passed_by(call, callback); });
  return exercised_if(exercised);
}

namespace {

bool running_at(const Callback& callback, Stamp at) {
  return callback.entered < at && callback.left >= at;
}

// Nothing of the host's but this one callback kept the library from going on when everything stood still.
bool alone_in_the_way(const Trace& trace, const Callback& parked) {
  const Stamp at = parked.stalled_at;
  const bool others = std::ranges::any_of(trace.callbacks, [&](const Callback& callback) {
    return &callback != &parked && !callback.refusal && running_at(callback, at);
  });
  const bool awaited = std::ranges::any_of(trace.host_calls, [&](const HostCall& call) {
    return call.callback->entered < at &&
           std::ranges::none_of(call.completions, [&](const Call* completion) { return completion->returned < at; });
  });
  return !others && !awaited;
}

// It was due when everything stood still, and came only when the callback had left.
bool held_back(const Callback* answer, Stamp asked, const Callback& parked) {
  return answer && asked < parked.stalled_at && answer->entered > parked.left;
}

Verdict holds_others_back(const Trace& trace, const Callback& parked) {
  const std::string expected = "other contexts go on while a callback of " + parked.context->name + " is parked";
  for (const Context& context : trace.contexts) {
    const Callback* constructor = context.constructor();
    const bool made = context.create->finished() && context.handle != 0 && context.create->misuse == Misuse::none;
    if (&context == parked.context || !made || !constructor) continue;
    if (destroy_begun_before(context, constructor->entered)) continue;
    if (held_back(constructor, context.create->returned, parked))
      return breach(expected, "the constructor of " + context.name + " waited for it",
                    {parked.entered, context.create->returned, parked.left, constructor->entered});
    for (const Request* request : context.requests) {
      if (!request->accepted() || !promises_ok(*request) || !undisturbed(*request)) continue;
      if (held_back(request->reply(), request->call->returned, parked))
        return breach(expected, request->name + " of " + context.name + " waited for it",
                      {parked.entered, request->call->returned, parked.left, request->reply()->entered});
    }
  }
  return exercised_if(true);
}

// Asked for and answered while a callback of another context ran.
bool goes_on_beside(const Call& call, const Callback& callback) {
  const Callback* answer = call.request                          ? call.request->reply()
                           : call.export_ == Export::create ? call.context->constructor()
                                                                 : nullptr;
  return answer && answer->context && answer->context != callback.context && !answer->refusal && answer->left < callback.left;
}

}  // namespace

// THR-5: a context whose loop is blocked does not hold back another.
// One that is blocked: where several are, a pool of workers may be used up.
Verdict contexts_are_independent(const Trace& trace) {
  for (const Callback& callback : trace.callbacks) {
    if (!callback.stalled || !counts(callback) || !alone_in_the_way(trace, callback)) continue;
    const Verdict verdict = holds_others_back(trace, callback);
    if (verdict.outcome == Outcome::breach) return verdict;
  }
  bool exercised = false;
  beside_callbacks(trace, [&](const Call& call, const Callback& callback) { exercised |= goes_on_beside(call, callback); });
  return exercised_if(exercised);
}

}  // namespace ffi_cts::rules
