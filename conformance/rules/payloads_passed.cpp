// Chapter 3: sizes, borrowed bytes, NULL, hostile bytes and names.
#include <algorithm>

#include "conformance/rules/growth.hpp"
#include "conformance/rules/payloads.hpp"
#include "harness/interface/template.hpp"

namespace ffi_cts::rules {

bool is_anothers(const Trace& trace, const Request& request, const Value& reply) {
  return std::any_of(trace.requests.begin(), trace.requests.end(), [&](const Request& other) {
    if (&other == &request) return false;
    return other.expects_no_value ? reply.is_nil() : other.expected_reply && !mismatch(*other.expected_reply, reply);
  });
}

namespace {

constexpr std::size_t small_payload = 255;

}  // namespace

// PAY-8: payloads of every size up to 1 MiB round-trip; larger ones do so or get RET_ERR.
// A whole reply of another request is REQ-16's, and so is the failure of a small echo.
Verdict sizes_round_trip(const Trace& trace) {
  Tally tally;
  for (const Request& request : trace.requests) {
    if (request.role != RoleName::echo || request.call->native || !well_formed(request) || !request.expected_reply || !request.call->finished())
      continue;
    const std::size_t size = payload_size(request);
    const std::string expected = std::to_string(size) + " bytes and back";
    const bool certain = size > small_payload && promises_ok(request) && alone(trace, request);
    if (request.refused() && certain && !request.call->inside && live_during(*request.call))
      return breach(expected, "refused", {request.call->entered, request.call->returned});
    const Callback* reply = request.accepted() ? request.reply() : nullptr;
    if (!reply) continue;
    if (reply->code == ret_err && certain && undisturbed(request))
      return breach(expected, "RET_ERR", {request.call->entered, reply->entered});
    if (reply->code == ret_err && size > largest_certain_payload) tally.exercised();
    if (reply->code != ret_ok) continue;
    if (!reply->whole) tally.open("the reply of " + request.name + " was not kept whole");
    if (!reply->value) continue;  // PAY-5
    tally.exercised();
    const auto difference = mismatch(*request.expected_echo, *reply->value);
    if (difference && !is_anothers(trace, request, *reply->value))
      return breach(expected, *difference, {request.call->entered, reply->entered});
  }
  return tally.verdict();
}

// PAY-9: memory does not grow when the same program is repeated.
Verdict memory_stays_bounded(const Trace& trace) {
  return heap_stays_bounded(trace, [](const Request& request) { return !request.call->native; }, "memory that does not grow from round to round");
}

namespace {

// The host thread that submitted it makes no call any more, so that it has ended or is about to.
bool submitter_done(const Trace& trace, const Request& request) {
  return std::none_of(trace.calls.begin(), trace.calls.end(), [&](const Call& call) {
    return call.thread == request.call->thread && call.step != 0 &&
           (!call.finished() || call.entered > request.call->returned);
  });
}

}  // namespace

// PAY-10: a request outlives the thread that submitted it.
Verdict requests_outlive_their_thread(const Trace& trace) {
  if (!trace.fresh_threads) return exercised_if(false);
  const bool library_crashed = trace.ending.kind == EndKind::crashed && trace.running_calls().empty();
  Tally tally;
  for (const Request& request : trace.requests) {
    if (!well_formed(request) || !request.accepted() || request.call->thread >= max_threads) continue;
    if (library_crashed && !request.reply() && submitter_done(trace, request))
      return breach_by_ending("an answer to " + request.name + ", whose thread had ended", how_it_ended(trace, nullptr),
                              {request.call->returned});
    const Callback* reply = request.submitter_gone ? request.reply() : nullptr;
    if (!reply) continue;
    tally.exercised();
    std::optional<std::string> difference;
    if (reply->code == ret_ok && request.expected_echo && reply->value)
      difference = mismatch(*request.expected_echo, *reply->value);
    if (reply->code == ret_err && promises_ok(request) && undisturbed(request) && !crowded(request))
      difference = "RET_ERR";
    if (difference)
      return breach("the right answer to " + request.name + ", whose thread had ended", *difference,
                    {request.call->returned, reply->entered});
  }
  return tally.verdict();
}

namespace {

bool accepted(const Call& call) {
  return call.export_ == Export::create ? call.result != 0 : call.result == 0;
}

}  // namespace

// PAY-11: (NULL, len > 0) is refused; (NULL, 0) is the empty payload.
Verdict null_with_length_is_refused(const Trace& trace) {
  const auto passes_null = [](const Call& call) {
    return is_submission(call) && (call.misuse == Misuse::null_payload || call.misuse == Misuse::empty_payload);
  };
  if (const Call* running = running_with(trace, passes_null))
    return ended_in(trace, *running, "NULL is no address to read from");
  bool exercised = false;
  for (const Call& call : trace.calls) {
    if (!passes_null(call) || !call.finished()) continue;
    exercised = true;
    if (call.misuse == Misuse::null_payload && accepted(call))
      return breach("(NULL, len > 0) is refused", "it was accepted", {call.entered, call.returned});
  }
  return exercised_if(exercised);
}

namespace {

// What is beyond all that the program can have been the reason for: a library may keep a tree of what it was sent, or start what it
// had put off until the first request.
constexpr std::uint64_t memory_of_its_own = 32u << 20, memory_of_a_byte = 256, memory_of_a_context = 2u << 20;

// More memory than the requests account for, in bytes; 0: not.
std::uint64_t unaccounted(const Trace& trace) {
  if (!trace.loading || !trace.loading->resident) return 0;
  const auto [before, most] = *trace.loading->resident;
  std::uint64_t accounted = before + memory_of_its_own;
  for (const Call& call : trace.calls) accounted += memory_of_a_byte * call.size + (call.export_ == Export::create ? memory_of_a_context : 0);
  for (const Callback& callback : trace.callbacks) accounted += memory_of_a_byte * callback.size;
  return most > accounted ? most - before : 0;
}

}  // namespace

// PAY-12: hostile CBOR gets one answer, in bounded time and memory. How much memory was used is known of programs that had a
// process for themselves, and only of all their requests together.
// The crash of the library's own thread is this rule's while a hostile request is being answered and nothing else runs.
Verdict hostile_gets_one_answer(const Trace& trace) {
  const auto hostile = [](const Call& call) { return is_submission(call) && call.misuse == Misuse::hostile; };
  if (const Call* running = running_with(trace, hostile))
    return ended_in(trace, *running, "hostile CBOR gets an answer");
  const bool library_died = !trace.completed() && trace.ending.kind != EndKind::hung && trace.running_calls().empty();
  constexpr std::uint64_t long_ns = 5'000'000'000;
  Tally tally;
  for (const Request& request : trace.requests) {
    if (!hostile(*request.call) || !request.call->finished()) continue;
    tally.exercised();
    const auto terminal = request.terminal_callbacks();
    if (request.accepted() && terminal.size() > 1)
      return breach("one answer to hostile CBOR", std::to_string(terminal.size()), stamps(terminal));
    if (request.call->returned_ns - request.call->entered_ns > long_ns) {
      Verdict verdict =
          breach("bounded time", "more than 5 s for " + std::to_string(request.call->payload.size()) + " bytes",
                 {request.call->entered, request.call->returned});
      verdict.timing = true;
      return verdict;
    }
    if (!request.accepted() || !terminal.empty()) continue;
    if (library_died)
      return breach_by_ending("hostile CBOR gets an answer", how_it_ended(trace, nullptr), {request.call->returned});
    if (answer_of(trace, request) == Answer::lost)
      return breach("one answer to hostile CBOR", "none", {request.call->returned});
    tally.open(request.name + " had no answer yet");
  }
  std::size_t sent = 0;
  std::vector<Stamp> proof;
  for (const Call& call : trace.calls) {
    if (!hostile(call) || !call.finished()) continue;
    tally.exercised();
    sent += call.size;
    if (proof.size() < 12) proof.push_back(call.entered);
  }
  if (const std::uint64_t more = unaccounted(trace))
    return breach("memory bounded by what was sent", std::to_string(more >> 20) + " MiB for " + std::to_string(sent) + " bytes", std::move(proof));
  return tally.verdict();
}

namespace {

bool odd_name(NameKind kind) {
  return kind == NameKind::prefix || kind == NameKind::extended || kind == NameKind::other_case || kind == NameKind::huge ||
         kind == NameKind::not_utf8;
}
bool odd_name(const Listener& listener) {
  return odd_name(listener.name_kind);
}

bool passes_name(const Call& call) {
  return call.export_ == Export::add_listener || call.export_ == Export::register_host_fn;
}

// A host function that was called for a request whose handler calls another name.
const HostCall* misnamed_call(const Trace& trace) {
  for (const HostCall& call : trace.host_calls)
    if (call.request && odd_name(call.function->name_kind) && call.function->function != call.request->host_function) return &call;
  return nullptr;
}

}  // namespace

// PAY-13: names are compared byte by byte; huge and non-UTF-8 ones are stored or refused.
Verdict names_are_compared_bytewise(const Trace& trace) {
  const auto adds_odd_name = [](const Call& call) {
    if (call.export_ == Export::register_host_fn) return call.host_function && odd_name(call.host_function->name_kind);
    return call.export_ == Export::add_listener && call.listener && odd_name(*call.listener);
  };
  // What ends with the first call that a thread makes may end with any: THR-1.
  const auto at_fault = [&](const Call& call) { return adds_odd_name(call) && !call.first_of_thread; };
  if (const Call* running = running_with(trace, at_fault))
    return ended_in(trace, *running, "the name is stored or refused");
  // A name's pages are closed when the call returns.
  if (const Call* lender = lender_of_fault(trace); lender && passes_name(*lender) && lender->finished())
    return breach_by_ending("a name is not touched after the call returned", words_of(*lender) + " had returned, and its name was",
                            {lender->entered, lender->returned});
  if (const HostCall* call = misnamed_call(trace))
    return breach(call->function->name + " is called by its very name only", "it was called for " + call->request->name,
                  {call->function->call->entered, call->request->call->entered, call->callback->entered});
  bool exercised = false;
  for (const Listener& listener : trace.listeners) {
    exercised |= listener.added();
    if (!odd_name(listener) || !listener.add->finished()) continue;
    if (listener.shares_function) continue;  // its callbacks may be another listener's
    for (const Callback* callback : listener.callbacks) {
      const Value* type = callback->value ? callback->value->find("eventType") : nullptr;
      if (type && type->text() && *type->text() != listener.event)
        return breach("a listener hears only events of its very name",
                      "it heard \"" + type->text()->substr(0, 60) + "\"", {listener.add->returned, callback->entered});
    }
  }
  return exercised_if(exercised);
}

}  // namespace ffi_cts::rules
