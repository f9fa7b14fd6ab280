// Chapter 7, threads: the judges, each beside the rules whose breach brings its own; THR-2, THR-3 and THR-9.
#include "conformance/rules/threads.hpp"

#include <algorithm>
#include <map>

namespace ffi_cts::rules {
namespace {

// Callbacks that must be serial: those of one context, or of its events and of all else where these have a thread each.
struct Line {
  const Context* context;
  bool events;
  auto operator<=>(const Line&) const = default;
};

Line line_of(const Trace& trace, const Callback& callback) {
  const bool apart = trace.contract.callbacks == CallbackThreads::replies_and_events;
  return {callback.context, apart && callback.listener};
}

std::string name_of(const Callback& callback) {
  if (callback.request) return "the callback of " + callback.request->name;
  if (callback.listener) return callback.listener->name;
  if (callback.host_function) return callback.host_function->name;
  return callback.constructed ? "the constructor's callback" : "a callback";
}

}  // namespace

// THR-2: callbacks and host functions of one context neither overlap nor nest.
// A callback's true interval contains its stamped one: where the stamped ones overlap, the true ones do.
Verdict callbacks_are_serial(const Trace& trace) {
  std::map<Line, const Callback*> latest;  // the one that goes on longest
  bool exercised = false;
  for (const Callback& callback : trace.callbacks) {
    if (!callback.context || callback.refusal) continue;
    const Callback*& before = latest[line_of(trace, callback)];
    if (!before) {
      before = &callback;
      continue;
    }
    exercised = true;
    if (callback.entered < before->left) {
      const bool nested = callback.thread == before->thread;
      return breach("callbacks of " + callback.context->name + " run one at a time",
                    name_of(callback) + (nested ? " ran inside " : " ran beside ") + name_of(*before),
                    {before->entered, callback.entered});
    }
    if (callback.left > before->left) before = &callback;
  }
  return exercised_if(exercised);
}

// THR-3: the callback of an accepted request does not run on the submitting thread inside the submission.
Verdict no_callback_inside_its_submission(const Trace& trace) {
  bool exercised = false;
  for (const Request& request : trace.requests) {
    if (!request.accepted() || request.callbacks.empty()) continue;
    exercised = true;
    for (const Callback* callback : request.callbacks) {
      const bool inside = callback->thread == request.call->thread && callback->entered > request.call->entered &&
                          callback->entered < request.call->returned;
      if (inside)
        return breach("the callback of " + request.name + " comes after its submission or on another thread",
                      "it ran inside it", {request.call->entered, callback->entered, request.call->returned});
    }
  }
  return exercised_if(exercised);
}

namespace {

// Something that many a library throws at.
bool provokes(const Call& call) {
  if (call.misuse == Misuse::malformed || call.misuse == Misuse::near_miss || call.misuse == Misuse::lenient || call.misuse == Misuse::hostile) return true;
  if (call.export_ == Export::create) return call.context && call.context->role == RoleName::create_fail;
  return call.request && (call.request->role == RoleName::fail || call.request->role == RoleName::emit_fail);
}

}  // namespace

// THR-9: no exception, panic or other unwinding leaves an export, whatever is thrown inside.
Verdict nothing_is_thrown_out(const Trace& trace) {
  if (!trace.ending.uncaught.empty()) {
    const auto running = trace.running_calls();
    return breach_by_ending("what is thrown inside the library stays inside", "nobody caught " + trace.ending.uncaught,
                            {running.empty() ? trace.end : running.back()->entered});
  }
  return exercised_if(std::ranges::any_of(trace.calls, [](const Call& call) { return call.finished() && provokes(call); }));
}

std::span<const Judge> threads() {
  using namespace spec::rule;
  static const std::vector<Judge> judges = {
      {THR_1, lawfully<first_call_of_a_thread_works>, {LOAD_3, REQ_19, END_14, PAY_8, PAY_13, EVT_8, EVT_16, EVT_17, EVT_19, THR_6}},
      {THR_2, lawfully<callbacks_are_serial>, {REQ_5, THR_3, END_1, END_2}},
      {THR_3, lawfully<no_callback_inside_its_submission>},
      {THR_4, lawfully<parked_callback_holds_no_lock>, {REQ_11, REQ_13, EVT_9, EVT_10, HST_17}, {REQ_13, HST_17}},
      {THR_5, lawfully<contexts_are_independent>},
      {THR_6, lawfully<any_thread_may_use_a_context>},
      {THR_7, lawfully_borrowed<nothing_races>},
      {THR_8, lawfully_borrowed<memory_is_used_rightly>},
      {THR_9, lawfully<nothing_is_thrown_out>},
  };
  return judges;
}

}  // namespace ffi_cts::rules
