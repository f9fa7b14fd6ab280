// Chapter 2: submitting, from inside callbacks and beside a busy loop.
#include <algorithm>

#include "conformance/rules/requests.hpp"

namespace ffi_cts::rules {

// REQ-11: submitting from inside a callback never deadlocks and is not lost: accepted and answered, or refused at once.
Verdict submitting_inside_callbacks(const Trace& trace) {
  const auto inside = [](const Call& call) { return is_submission(call) && call.inside; };
  if (const Call* running = running_with(trace, inside))
    return ended_in(trace, *running, "a submission inside a callback returns");
  Tally tally;
  for (const Request& request : trace.requests) {
    if (!inside(*request.call) || !request.call->finished()) continue;
    tally.exercised();
    if (!request.accepted()) continue;
    const Answer answer = answer_of(trace, request);
    if (lost_before_destroy(trace, request))
      return breach("a request accepted inside a callback is answered", "no answer, and nothing moved any more",
                    {request.call->inside->entered, request.call->returned});
    if (answer == Answer::open) tally.open(request.name + " had no answer yet");
  }
  return tally.verdict();
}

// REQ-20: submissions from inside a callback are accepted, as long as their context is not closing.
Verdict submissions_inside_callbacks_accepted(const Trace& trace) {
  bool exercised = false;
  for (const Request& request : trace.requests) {
    if (!request.call->inside || !well_formed(request) || !live_during(*request.call)) continue;
    if (payload_size(request) > largest_certain_payload) continue;
    exercised = true;
    if (request.refused() && !crowded(request))
      return breach("a submission inside a callback is accepted",
                    "it was refused with " + std::to_string(request.call->result),
                    {request.call->inside->entered, request.call->entered, request.call->returned});
  }
  return exercised_if(exercised);
}

namespace {

constexpr std::uint64_t ms = 1'000'000;

// What keeps a loop from serving: a callback of the host that has not left, or a `block` that is not answered.
struct Busy {
  const Context* context;
  Stamp from, to;
  Stamp stalled_at;  // it ended only because nothing else moved any more, from here on; else never
  std::uint64_t to_ns;
};

std::vector<Busy> busy_times(const Trace& trace) {
  std::vector<Busy> out;
  for (const Callback& callback : trace.callbacks)
    if (callback.context && !callback.refusal)
      out.push_back({callback.context, callback.entered, callback.left, callback.stalled_at, callback.left_ns});
  for (const Request& request : trace.requests) {
    if (request.role != RoleName::block || !request.accepted()) continue;
    const Callback* reply = request.reply();
    out.push_back({request.context, request.call->returned, reply ? reply->entered : never, never,
                   reply ? reply->entered_ns : 0});
  }
  std::sort(out.begin(), out.end(), [](const Busy& a, const Busy& b) { return a.from < b.from; });
  return out;
}

// A request that was submitted, outside the callbacks of its context, while its loop was busy.
struct Overlap {
  const Call* call;
  Busy busy;
  bool outlasted() const { return call->returned > busy.to; }  // it returned only when the loop was free
  // The loop was busy for most of it. One that went on long afterwards (it copies 16 MiB, say) waited for something
  // else.
  bool explained() const { return busy.to_ns > call->entered_ns + (call->returned_ns - call->entered_ns) / 2; }
};

std::vector<Overlap> overlaps(const Trace& trace) {
  const auto times = busy_times(trace);
  std::vector<Overlap> out;
  std::vector<Busy> now;  // those that have begun and not ended
  auto next = times.begin();
  for (const Call& call : trace.calls) {
    if (call.export_ != Export::request || !call.context || (call.inside && call.inside->context == call.context))
      continue;
    for (; next != times.end() && next->from < call.entered; ++next) now.push_back(*next);
    std::erase_if(now, [&](const Busy& busy) { return busy.to < call.entered; });
    for (const Busy& busy : now)
      if (busy.context == call.context) out.push_back({&call, busy});
  }
  return out;
}

std::uint64_t duration(const Call& call) {
  return call.returned_ns - call.entered_ns;
}

// What a submission takes that had nothing to wait for. 0: there was none.
std::uint64_t usual_duration(const Trace& trace, const std::vector<Overlap>& beside) {
  std::uint64_t most = 0;
  for (const Request& request : trace.requests) {
    const Call& call = *request.call;
    const bool outlasted = std::any_of(beside.begin(), beside.end(),
                                       [&](const Overlap& each) { return each.call == &call && each.outlasted(); });
    if (call.finished() && !call.inside && !outlasted) most = std::max(most, duration(call));
  }
  return most;
}

}  // namespace

// REQ-13: submitting does not wait for the loop, whatever the loop is doing.
// A hang is this rule's only where the loop was busy. A submission that lasted until the loop was free again may be
// chance, unless the callback went on only because everything waited for it, or the submission was long beside others
// and repeats.
Verdict submitting_does_not_wait(const Trace& trace) {
  const std::string expected = "a submission returns while the loop is busy";
  const auto beside = overlaps(trace);
  // Where the loop is stuck in a call of its own, whatever waits for it is only a victim.
  const bool stuck = running_with(trace, [](const Call& call) { return call.inside; });
  Tally tally;
  for (const Overlap& each : beside) {
    const Call& call = *each.call;
    if (!call.finished()) {
      const bool owned = trace.ending.kind == EndKind::hung && !stuck && each.busy.to == never;
      if (owned) return ended_in(trace, call, expected);
      continue;
    }
    if (!each.outlasted()) tally.exercised();
    if (each.outlasted() && each.busy.stalled_at != never && call.entered < each.busy.stalled_at)
      return breach(expected, "it waited for the callback that was running",
                    {each.busy.from, call.entered, each.busy.to, call.returned});
    if (!each.outlasted() || !each.explained() || duration(call) < 20 * ms) continue;
    const std::uint64_t usual = usual_duration(trace, beside);
    if (usual == 0 || duration(call) < 4 * usual) {
      tally.open("a submission lasted until the loop was free, but no other shows that it waited");
      continue;
    }
    const auto seen = "it returned after " + std::to_string(duration(call) / ms) + " ms, when the loop was free";
    Verdict verdict = breach(expected, seen, {each.busy.from, call.entered, call.returned});
    verdict.timing = true;
    return verdict;
  }
  return tally.verdict();
}

}  // namespace ffi_cts::rules
