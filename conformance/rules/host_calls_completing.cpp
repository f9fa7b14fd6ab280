// Completing: HST-3 to HST-7, HST-14, HST-15, HST-17, HST-18.
#include <algorithm>

#include "conformance/rules/host_calls.hpp"

namespace ffi_cts::rules {
namespace {

// The first completion of a call that was given out, with nothing wrong about it.
bool is_first(const Call& call) {
  return is_completion(call) && call.host_call && is_valid(call) && !is_repeated(call);
}

bool is_unknown(const Call& call) {
  return is_completion(call) && !call.host_call && is_valid(call);
}

// Of one that is (NULL, len > 0), too, HST-15 speaks.
bool is_second(const Call& call) {
  return is_repeated(call) && is_valid(call);
}

template <typename About>
Verdict stories_of(const Trace& trace, spec::RuleId rule, About about) {
  return ended_right(trace.facts.of<Stories>(trace), rule, about);
}

// A call that ended the program, or a story that ended wrong, breaks the rule; what the rule is about exercises it.
template <typename Picks, typename About>
Verdict harmless(const Trace& trace, spec::RuleId rule, const std::string& expected, Picks picks, About about) {
  if (const Call* call = ended_by(trace, picks)) return ended_by_it(trace, *call, expected);
  const Verdict verdict = stories_of(trace, rule, about);
  if (verdict.outcome != Outcome::not_exercised) return verdict;
  return exercised_if(
      std::ranges::any_of(trace.calls, [&](const Call& call) { return picks(call) && call.finished(); }));
}

}  // namespace

// HST-3: a completion resolves the call that it names, with its own code and bytes. What is special about a story
// belongs to the rule that speaks of it.
Verdict completion_resolves_its_call(const Trace& trace) {
  const auto plain = [](const Call& call) {
    return is_first(call) && call.code == ret_ok && !is_inline(call) && !call.payload.empty();
  };
  if (const Call* call = crashed_by(trace, plain)) return ended_by_it(trace, *call, "a completion resolves its call");
  return stories_of(trace, spec::rule::HST_3, [](const Story& story) { return story.plain(); });
}

// HST-4: a second completion of a call id changes nothing and harms nothing.
Verdict second_completion_is_dropped(const Trace& trace) {
  return harmless(trace, spec::rule::HST_4, "a second completion is dropped", is_second,
                  [](const Story& story) { return story.beside_repeated; });
}

// HST-5: a completion of an id that was never given out changes nothing and harms nothing.
Verdict unknown_completion_is_dropped(const Trace& trace) {
  return harmless(trace, spec::rule::HST_5, "a completion of an unknown id is dropped", is_unknown,
                  [](const Story& story) { return story.beside_unknown; });
}

// HST-6: completing a call inside its own host function works.
Verdict completing_inside_works(const Trace& trace) {
  const auto inside = [](const Call& call) { return is_first(call) && is_inline(call); };
  return harmless(trace, spec::rule::HST_6, "completing inside the host function returns", inside,
                  [](const Story& story) { return story.answered_inline; });
}

// HST-7: completions in any order resolve the calls that they name.
Verdict any_order_resolves(const Trace& trace) {
  return stories_of(trace, spec::rule::HST_7, [](const Story& story) { return story.out_of_order; });
}

// HST-14: a completion with RET_ERR reaches the handler as an error that carries its text.
Verdict errors_arrive(const Trace& trace) {
  const auto fails = [](const Call& call) { return is_first(call) && call.code == ret_err; };
  if (const Call* call = crashed_by(trace, fails))
    return ended_by_it(trace, *call, "a completion with RET_ERR is an error");
  return stories_of(trace, spec::rule::HST_14, [](const Story& story) { return story.failed; });
}

namespace {

// Its call was not answered by then, and by nothing but this completion meanwhile.
bool surely_pending(const Call& completion) {
  if (!completion.host_call || !live_during(completion)) return false;
  const HostCall& call = *completion.host_call;
  const Callback* reply = call.request ? call.request->reply() : nullptr;
  return call.request && !(reply && reply->entered < completion.entered) &&
         std::ranges::none_of(call.completions, [&](const Call* other) {
           return other != &completion && is_valid(*other) && other->entered < completion.returned;
         });
}

}  // namespace

// HST-15: empty payloads work in both directions; a completion with (NULL, len > 0) is refused.
Verdict empty_payloads_work(const Trace& trace) {
  const auto odd = [](const Call& call) {
    if (!is_completion(call)) return false;
    return !is_valid(call) || (call.host_call && !is_repeated(call) && call.payload.empty());
  };
  if (const Call* call = ended_by(trace, odd))
    return ended_by_it(trace, *call, "NULL is no address to read from, and no bytes are an answer");
  bool exercised = false;
  for (const Call& call : trace.calls) {
    if (!odd(call) || is_valid(call) || !call.finished() || !surely_pending(call)) continue;
    exercised = true;
    if (!is_refused(call))
      return breach("a completion with (NULL, len > 0) is refused", "it returned RET_OK",
                    {call.entered, call.returned});
  }
  for (const Request& request : trace.requests) {
    if (!request.context || request.role != RoleName::call_host || !asks_nothing(request) ||
        surely_registered(request) != 1)
      continue;
    const Verdict verdict = uncalled(trace, request);
    if (verdict.outcome == Outcome::breach) return verdict;
  }
  const Verdict verdict = stories_of(trace, spec::rule::HST_15,
                                     [](const Story& story) { return story.empty || story.call->callback->size == 0; });
  return verdict.outcome != Outcome::not_exercised ? verdict : exercised_if(exercised);
}

// HST-13: the bytes of a completion are borrowed until host_complete returns.
Verdict completions_are_borrowed(const Trace& trace) {
  if (const Call* lender = lender_of_fault(trace); lender && lender->export_ == Export::host_complete && lender->finished())
    return breach_by_ending("the bytes of a completion are left alone once host_complete returned",
                            words_of(*lender) + " had returned, and they were " + (trace.ending.fault_write ? "written to" : "read"),
                            {lender->entered, lender->returned});
  return exercised_if(std::ranges::any_of(trace.calls, [](const Call& call) {
    return is_completion(call) && call.finished() && call.guarded && !is_refused(call);
  }));
}

// HST-18: any code but RET_OK is an error; a refused completion leaves its call pending; of racing ones one counts.
Verdict one_completion_counts(const Trace& trace) {
  const auto odd = [](const Call& call) { return is_first(call) && call.code != ret_ok && call.code != ret_err; };
  if (const Call* call = crashed_by(trace, odd))
    return ended_by_it(trace, *call, "a completion with another code is an error");
  return stories_of(trace, spec::rule::HST_18,
                    [](const Story& story) { return story.odd_code || story.refused_before || story.raced; });
}

namespace {

// The callback, if any, that kept the loop of the completion's context busy when it entered.
const Callback* busy_with(const Trace& trace, const Call& call) {
  for (const Callback& callback : trace.callbacks) {
    if (callback.entered > call.entered) break;
    if (callback.context == call.context && !callback.refusal && callback.left > call.entered) return &callback;
  }
  return nullptr;
}

}  // namespace

// HST-17: host_complete returns without waiting for the loop. That it lasted until the loop was free may be chance,
// unless the callback went on only because everything waited.
Verdict completing_does_not_wait(const Trace& trace) {
  const std::string expected = "host_complete returns, whatever the loop is doing";
  const auto hangs = [](const Call& call) { return is_first(call) && !is_inline(call) && !call.payload.empty(); };
  if (const Call* call = running_with(trace, hangs); call && trace.ending.kind == EndKind::hung)
    return ended_in(trace, *call, expected);
  bool exercised = false;
  for (const Call& call : trace.calls) {
    if (!is_completion(call) || !call.finished() || call.inside) continue;
    const Callback* busy = busy_with(trace, call);
    if (!busy) continue;
    exercised |= call.returned < busy->left;
    if (busy->stalled && call.entered < busy->stalled_at && call.returned > busy->left)
      return breach(expected, "it waited for the callback that was running",
                    {busy->entered, call.entered, busy->left, call.returned});
  }
  return exercised_if(exercised);
}

}  // namespace ffi_cts::rules
