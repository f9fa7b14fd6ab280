// Chapter 2: what handlers answer, and when.
#include <algorithm>
#include <map>

#include "conformance/rules/requests.hpp"
#include "harness/interface/template.hpp"

namespace ffi_cts::rules {

// REQ-7: a handler's failure arrives as RET_ERR with its text; an empty text becomes a non-empty one.
// That nothing surrounds the text is PAY-7.
Verdict failure_has_its_text(const Trace& trace) {
  bool exercised = false;
  for (const Request& request : trace.requests) {
    if (request.role != RoleName::fail || !well_formed(request) || !request.accepted() || !request.reply()) continue;
    const Callback& reply = *request.reply();
    exercised = true;
    if (reply.code == ret_ok) return breach("RET_ERR (1) from a handler that fails", "RET_OK", {reply.entered});
    if (reply.code != ret_err || !undisturbed(request) || !request.expected_error) continue;
    if (reply.size == 0) return breach("a text with the RET_ERR", "an empty one", {reply.entered});
    if (reply.whole && reply.text().find(*request.expected_error) == std::string_view::npos)
      return breach("the handler's text \"" + request.expected_error->substr(0, 60) + "\"",
                    "\"" + std::string(reply.text().substr(0, 60)) + "\"", {reply.entered});
  }
  return exercised_if(exercised);
}

namespace {

bool answers_at_once(const Request& request) {
  return request.role == RoleName::echo || request.role == RoleName::empty || request.role == RoleName::fail;
}

// What shows that its handler has started: the answer of one that answers at once, the call of the host of one that makes one.
// Their order is that of the starts, as far as handlers of a kind take alike long.
const Callback* start_of(const std::map<const Request*, const Callback*>& host_calls, const Request& request) {
  const bool plain = well_formed(request) && request.accepted() && !request.call->inside && constructed_before(*request.context, request.call->entered);
  if (!plain) return nullptr;
  if (answers_at_once(request)) return undisturbed(request) ? request.reply() : nullptr;
  const auto call = request.role == RoleName::call_host ? host_calls.find(&request) : host_calls.end();
  return call == host_calls.end() ? nullptr : call->second;
}

bool of_a_kind(const Request& a, const Callback& start_of_a, const Request& b, const Callback& start_of_b) {
  return a.role == b.role && start_of_a.code == start_of_b.code && start_of_a.thread == start_of_b.thread;
}

}  // namespace

// REQ-10: requests of one thread start in the order submitted.
// Of two requests of a kind, one submitted right after the other, the second showed its start first. A library whose handlers
// run side by side does that now and then; reordering does it all the time. So less than two in five is no proof, and neither is
// what does not repeat.
Verdict requests_start_in_order(const Trace& trace) {
  std::map<const Request*, const Callback*> host_calls;
  for (const HostCall& call : trace.host_calls)
    if (call.request) host_calls.emplace(call.request, call.callback);
  std::map<std::pair<const Context*, std::uint32_t>, const Request*> previous;
  std::size_t overlapping = 0, inverted = 0;
  std::vector<Stamp> proof;
  for (const Request& second : trace.requests) {
    if (!second.context) continue;
    const Request*& last = previous[{second.context, second.call->thread}];
    const Request* first = std::exchange(last, &second);
    const Callback* earlier = first ? start_of(host_calls, *first) : nullptr;
    const Callback* later = earlier ? start_of(host_calls, second) : nullptr;
    if (!later || !of_a_kind(*first, *earlier, second, *later) || earlier->entered < second.call->entered) continue;
    ++overlapping;
    if (earlier->entered < later->entered) continue;
    ++inverted;
    if (proof.empty()) proof = {first->call->returned, second.call->entered, later->entered, earlier->entered};
  }
  if (inverted == 0) return exercised_if(overlapping > 0);
  if (inverted * 5 < overlapping * 2) return undecidable("a few answers out of order, as handlers side by side give");
  Verdict verdict = breach("starts in the order submitted",
                           std::to_string(inverted) + " of " + std::to_string(overlapping) + " pairs reversed", proof);
  verdict.timing = true;
  return verdict;
}

namespace {

constexpr std::uint64_t ms = 1'000'000;

std::uint64_t latency(const Request& request) {
  return request.reply()->entered_ns - request.call->entered_ns;
}

bool succeeded(const Request& request) {
  return well_formed(request) && request.accepted() && undisturbed(request) && request.reply()->code == ret_ok;
}

// The longest that an echo took while nothing else was in flight: what a library needs that is not held back. 0: not
// seen.
std::uint64_t usual_latency(const Trace& trace) {
  std::uint64_t most = 0;
  for (const Request& request : trace.requests)
    if (request.role == RoleName::echo && succeeded(request) && alone(trace, request))
      most = std::max(most, latency(request));
  return most;
}

// Did the host itself keep the loop busy for a good while between the two stamps, by a callback or a block? That one is
// just leaving when a wait for it is over does not count.
bool kept_busy(const Trace& trace, Stamp from, std::uint64_t from_ns, Stamp to) {
  return std::any_of(trace.callbacks.begin(), trace.callbacks.end(),
                     [&](const Callback& callback) {
                       const std::uint64_t begun_ns = std::max(from_ns, callback.entered_ns);
                       return callback.entered < to && callback.left > from && (callback.left == never || callback.left_ns > begun_ns + 5 * ms);
                     }) ||
         std::any_of(trace.requests.begin(), trace.requests.end(), [&](const Request& request) {
           const Callback* reply = request.reply();
           return may_block(request) && request.call->entered < to && !(reply && reply->entered < from);
         });
}

bool overtook(const Request& echo, const Request& slow) {
  return echo.role == RoleName::echo && succeeded(echo) && echo.call->entered > slow.call->returned &&
         echo.reply()->entered < slow.reply()->entered;
}

// Was this echo submitted early in the delay, and the loop left alone from then on?
bool could_overtake(const Trace& trace, const Request& echo, const Request& slow) {
  return echo.role == RoleName::echo && succeeded(echo) && !echo.call->inside &&
         echo.call->entered > slow.call->returned && echo.reply()->entered > slow.reply()->entered &&
         echo.call->returned < slow.reply()->entered &&
         echo.call->returned_ns - slow.call->entered_ns <= latency(slow) / 2 &&
         !kept_busy(trace, echo.call->returned, echo.call->returned_ns, slow.reply()->entered);
}

}  // namespace

// REQ-12: a slow asynchronous request does not hold back others.
// An echo that was submitted in the first half of a delay and answered after it was held back, if the delay was long
// beside what an echo takes alone.
Verdict slow_requests_hold_back_none(const Trace& trace) {
  Tally tally;
  for (const Request& slow : trace.requests) {
    if (slow.role != RoleName::delay || !succeeded(slow) || latency(slow) < 50 * ms) continue;
    for (const Request* echo : slow.context->requests) {
      if (overtook(*echo, slow)) tally.exercised();
      if (!could_overtake(trace, *echo, slow)) continue;
      const std::uint64_t usual = usual_latency(trace);
      if (usual == 0 || latency(slow) < 4 * usual) {
        tally.open("no echo was seen alone, or it takes about as long as the delay");
        continue;
      }
      Verdict verdict =
          breach(echo->name + " is answered before the slow " + slow.name, "after it",
                 {slow.call->returned, echo->call->entered, slow.reply()->entered, echo->reply()->entered});
      verdict.timing = true;
      return verdict;
    }
  }
  return tally.verdict();
}

namespace {

const Request* owner_of(const Trace& trace, const Callback& reply, const Request& not_of) {
  for (const Request& other : trace.requests) {
    if (&other == &not_of || !other.identifiable) continue;
    if (reply.code == ret_ok && reply.value && other.expected_reply && !mismatch(*other.expected_reply, *reply.value))
      return &other;
    if (reply.code == ret_err && other.expected_error && !other.expected_error->empty() && reply.whole &&
        reply.text() == *other.expected_error)
      return &other;
  }
  return nullptr;
}

}  // namespace

// REQ-16: each reply is the one of its own request.
// RET_ERR for a request that has no reason to fail is not its reply either, unless a busy library may have said so.
Verdict replies_are_their_own(const Trace& trace) {
  Tally tally;
  for (const Request& request : trace.requests) {
    const Callback* reply = request.accepted() ? request.reply() : nullptr;
    if (!reply || !request.expected_reply) continue;
    if (reply->code == ret_err) {
      if (const Request* other = owner_of(trace, *reply, request))
        return breach("the reply of " + request.name, "the error of " + other->name,
                      {request.call->entered, reply->entered});
      if (!request.call->native && promises_ok(request) && undisturbed(request) && alone(trace, request))
        return breach("the reply of " + request.name, "RET_ERR: \"" + std::string(reply->text().substr(0, 60)) + "\"",
                      {request.call->entered, reply->entered});
    }
    if (reply->code != ret_ok) continue;
    if (!reply->whole) tally.open("the reply of " + request.name + " was not kept whole");
    if (!reply->value) continue;  // PAY-5
    tally.exercised();
    const auto difference = mismatch(*request.expected_echo, *reply->value);
    if (!difference) continue;
    const Request* other = owner_of(trace, *reply, request);
    if (request.call->native && !other) continue;  // NAT-4
    return breach("the reply of " + request.name, other ? "the reply of " + other->name : *difference,
                  {request.call->entered, reply->entered});
  }
  return tally.verdict();
}

}  // namespace ffi_cts::rules
