// Chapter 9, wire: judges of peers.
#include <fmt/format.h>

#include <algorithm>

#include "conformance/rules/peer_judge.hpp"
#include "conformance/rules/peer_story.hpp"

namespace ffi_cts::peer::rules {

namespace {

// WIRE-1: every frame is a byte string with a head of 5a and four bytes, and its content is one item.
Verdict frames_are_as_written(const Trace& trace) {
  bool any = false;
  for (std::size_t i = 0; i < trace.events.size(); ++i) {
    const Event& event = trace.events[i];
    // Then a frame may end anywhere: it was killed, or gave up what nobody read (RMT-12).
    const bool cut_off = trace.killed || trace.signal != 0 || (trace.flood && i >= trace.flood->event);
    if (event.seen == Seen::unreadable && !cut_off)
      return breach("frames and nothing else on the peer's output",
                    fmt::format("{}: {}", event.text, to_hex(event.content)), {i});
    if (event.seen != Seen::received) continue;
    any = true;
    if (event.head.size() != 5 || event.head[0] != 0x5a)
      return breach("a head of 5a and four bytes of length", fmt::format("the head {}", to_hex(event.head)), {i});
    if (item_size(event.content) != event.content.size())
      return breach("one item in each frame", fmt::format("a frame with {} is not one item", to_hex(event.content, 48)),
                    {i});
  }
  return exercised_if(any);
}

// WIRE-2: odd heads, cuts and frames written together are taken like any other.
Verdict every_form_is_taken(const Trace& trace) {
  return taken(trace, spec::rule::WIRE_2,
               "a frame is taken with any definite head, however it is cut or put together with others",
               [](const Story& story) {
                 return std::any_of(story.questions.begin(), story.questions.end(),
                                    [](const Question& q) { return !q.answers.empty() && q.of && q.of->form.odd(); });
               });
}

// After what cannot be taken: a transport_error that says why, and the end.
Verdict refused(const Trace& trace, FaultClass kind) {
  if (trace.flood) return {};  // the connection may have ended before
  for (std::size_t i = 0; i < trace.events.size(); ++i) {
    const Event& event = trace.events[i];
    if (event.seen != Seen::sent || event.fault != kind) continue;
    const std::string what = fmt::format("\"{}\" ({})", event.text, to_hex(event.content, 48));
    std::optional<std::size_t> told, ended, stalled;
    for (std::size_t k = i + 1; k < trace.events.size(); ++k) {
      const Event& later = trace.events[k];
      if (later.seen == Seen::received && later.message && later.message->kind == MessageKind::transport_error && !told)
        told = k;
      if (later.seen == Seen::ended && !ended) ended = k;
      if (later.seen == Seen::stalled && !stalled) stalled = k;
    }
    if (trace.signal && !trace.killed)
      return breach("transport_error", fmt::format("signal {} ended the peer after {}", trace.signal, what), {i});
    if (!told && stalled)
      return breach("transport_error", fmt::format("nothing came, and the peer sleeps, after {}", what), {i, *stalled});
    if (!told)
      return breach("transport_error", fmt::format("the output ended without it after {}", what),
                    {i, ended.value_or(i)});
    if (trace.events[*told].message->text.empty())
      return breach("a transport_error that says why", fmt::format("one without a text after {}", what), {i, *told});
    if (stalled)
      return breach("the end of the connection after transport_error", fmt::format("the peer goes on after {}", what),
                    {i, *told, *stalled});
    return exercised_if(true);
  }
  return {};
}

// WIRE-3: what is too long or no string is refused at its head; what is as long as the limit is taken.
Verdict limits_are_kept(const Trace& trace) {
  const Verdict fault = refused(trace, FaultClass::frame);
  if (fault.outcome != Outcome::not_exercised) return fault;
  return taken(trace, spec::rule::WIRE_3, "a frame within the limit is taken", [](const Story& story) {
    return std::any_of(story.questions.begin(), story.questions.end(), [&](const Question& q) {
      return !q.answers.empty() && story.trace.events[q.sent].content.size() > story.trace.limit / 2;
    });
  });
}

// WIRE-4: known messages in their one shape, sent and received.
Verdict shapes_are_kept(const Trace& trace) {
  for (std::size_t i = 0; i < trace.events.size(); ++i) {
    const Event& event = trace.events[i];
    const bool one_item = event.seen == Seen::received && item_size(event.content) == event.content.size();
    if (one_item && !event.message)
      return breach("messages in the shapes of wire.cddl",
                    fmt::format("{} ({})", event.text, to_hex(event.content, 48)), {i});
  }
  const Verdict fault = refused(trace, FaultClass::shape);
  if (fault.outcome != Outcome::not_exercised) return fault;
  return taken(trace, spec::rule::WIRE_4, "link and proxy_id are taken", [](const Story& story) {
    return std::any_of(story.trace.events.begin(), story.trace.events.end(),
                       [](const Event& e) { return e.seen == Seen::received && e.message; });
  });
}

// WIRE-5: what is no message is refused.
Verdict strange_messages_are_refused(const Trace& trace) {
  return refused(trace, FaultClass::message);
}

// WIRE-6: an echo is the very bytes that were sent.
Verdict payloads_pass_unchanged(const Trace& trace) {
  bool any = false;
  for (std::size_t i = 0; i < trace.events.size(); ++i) {
    const Event& event = trace.events[i];
    if (event.seen != Seen::received || !event.message || event.message->kind != MessageKind::send) continue;
    const Bytes& payload = event.message->payload;
    static constexpr std::uint8_t echo[] = {0x82, 0x64, 'e', 'c', 'h', 'o'};
    if (payload.size() < sizeof echo || !std::equal(std::begin(echo), std::end(echo), payload.begin())) continue;
    any = true;
    const bool sent = std::any_of(trace.events.begin(), trace.events.end(), [&](const Event& e) {
      return e.seen == Seen::sent && e.message && e.message->payload == payload;
    });
    if (sent || trace.flood) continue;  // a flood's are not kept
    return breach("the payload that was sent, byte for byte", fmt::format("{}", to_hex(payload, 60)), {i});
  }
  return exercised_if(any);
}

}  // namespace

std::span<const Judge> wire() {
  using namespace spec::rule;
  static const std::vector<Judge> judges = {
      {WIRE_1, frames_are_as_written}, {WIRE_2, every_form_is_taken},          {WIRE_3, limits_are_kept},
      {WIRE_4, shapes_are_kept},       {WIRE_5, strange_messages_are_refused}, {WIRE_6, payloads_pass_unchanged}};
  return judges;
}

}  // namespace ffi_cts::peer::rules
