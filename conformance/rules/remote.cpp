// Chapter 10, remote: judges of peers that speak of proxies, delivery and order. Ends and losses are in
// remote_ends.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "conformance/rules/peer_judge.hpp"
#include "conformance/rules/peer_story.hpp"

namespace ffi_cts::peer::rules {

// remote_ends.cpp
Verdict exits_arrive_once_with_their_reason(const Trace& trace);
Verdict linking_to_the_dead_is_answered(const Trace& trace);
Verdict losing_the_transport_ends_all_proxies(const Trace& trace);
Verdict diagnostics_are_no_frames(const Trace& trace);
Verdict closing_ends_the_child(const Trace& trace);

namespace {

// The judge's actor `id` ended between the two events.
bool ended_between(const Trace& trace, std::uint64_t id, std::size_t from, std::size_t to) {
  for (std::size_t i = from + 1; i < to; ++i) {
    const Event& event = trace.events[i];
    if (event.seen == Seen::sent && event.message && event.message->kind == MessageKind::exit &&
        event.message->local == id)
      return true;
  }
  return false;
}

struct Told {
  const Question* question;
  std::size_t answer;
  std::uint64_t proxy;
};

// What `who` was answered.
std::vector<Told> proxies_told(const Story& story) {
  std::vector<Told> out;
  for (const Question& q : story.questions)
    if (q.of && q.of->verb == Verb::who && !q.answers.empty())
      if (const auto words = words_of(story.trace.events[q.answers[0]].message->payload); words && words->number)
        out.push_back({&q, q.answers[0], *words->number});
  return out;
}

// RMT-1: one proxy for each remote id, and the same for all its messages.
Verdict one_proxy_for_each(const Trace& trace) {
  const Story story(trace);
  const std::vector<Told> told = proxies_told(story);
  for (std::size_t i = 0; i < told.size(); ++i)
    for (std::size_t k = i + 1; k < told.size(); ++k) {
      const Told &a = told[i], &b = told[k];
      const bool same = a.question->asker == b.question->asker;
      if (same && a.proxy != b.proxy && !ended_between(trace, a.question->asker, a.question->sent, b.question->sent))
        return breach("one proxy for a remote id",
                      fmt::format("{} and then {} for {}", a.proxy, b.proxy, a.question->asker), {a.answer, b.answer});
      if (!same && a.proxy == b.proxy)
        return breach("a proxy for each remote id",
                      fmt::format("{} for {} and for {}", a.proxy, a.question->asker, b.question->asker),
                      {a.answer, b.answer});
    }
  return exercised_if(told.size() > 1);
}

// RMT-7: after a remote exit the proxy is gone, and the next message makes another.
Verdict exits_remove_the_row(const Trace& trace) {
  const Story story(trace);
  const std::vector<Told> told = proxies_told(story);
  bool any = false;
  for (std::size_t i = 0; i < told.size(); ++i)
    for (std::size_t k = i + 1; k < told.size(); ++k) {
      const Told &a = told[i], &b = told[k];
      if (a.question->asker != b.question->asker ||
          !ended_between(trace, a.question->asker, a.question->sent, b.question->sent))
        continue;
      any = true;
      if (a.proxy == b.proxy)
        return breach("a new proxy after the exit of the old one",
                      fmt::format("{} again for {}", a.proxy, a.question->asker), {a.answer, b.answer});
    }
  if (story.suspect && rule_for(story, *story.suspect) == spec::rule::RMT_7)
    return taken(trace, spec::rule::RMT_7, "a message after an exit makes a new proxy and is delivered",
                 [](const Story&) { return true; });
  return exercised_if(any);
}

bool sent_by_id(const Story& story) {
  return std::any_of(story.trace.events.begin(), story.trace.events.end(), [](const Event& e) {
    return e.seen == Seen::sent && e.message && e.message->kind == MessageKind::send;
  });
}
bool answered_by_name(const Story& story) {
  return std::any_of(story.questions.begin(), story.questions.end(),
                     [](const Question& q) { return q.asked == 0 && !q.answers.empty(); });
}

// RMT-2: a send reaches the actor with that id; one to a dead actor harms nothing.
Verdict sends_are_delivered(const Trace& trace) {
  return taken(trace, spec::rule::RMT_2,
               "a send is delivered, or dropped where the actor is gone; the connection goes on", sent_by_id);
}

// RMT-3: a send_named reaches whoever has the name; one to nobody harms nothing.
Verdict names_are_found(const Trace& trace) {
  return taken(trace, spec::rule::RMT_3,
               "a send_named is delivered, or dropped where nobody has the name; the connection goes on",
               answered_by_name);
}

// RMT-4: an answer comes from the actor that was asked, to the one who asked.
Verdict answers_carry_both_ids(const Trace& trace) {
  const Story story(trace);
  bool any = false;
  for (const Question& q : story.questions)
    for (const std::size_t answer : q.answers) {
      const Message& message = *trace.events[answer].message;
      if (message.kind != MessageKind::send) continue;
      any = true;
      const std::uint64_t asked = q.asked ? q.asked : *story.conformance_id;
      if (message.local != asked)
        return breach(fmt::format("a message from the actor that sent it, {}", asked),
                      fmt::format("one from {}", message.local), {q.sent, answer});
      if (message.remote != q.asker)
        return breach(fmt::format("a message to {}, whose proxy it was sent to", q.asker),
                      fmt::format("one to {}", message.remote), {q.sent, answer});
    }
  // Ids of spawned actors and proxies are not conformance's.
  for (const Told& told : proxies_told(story))
    if (told.proxy == *story.conformance_id)
      return breach("the sender's id", fmt::format("{}, the id of the proxy", told.proxy), {told.answer});
  return exercised_if(any);
}

// RMT-9: echoes of one actor come back to one actor in the order in which they were asked for.
Verdict order_is_kept(const Trace& trace) {
  const Story story(trace);
  bool any = false;
  for (const Question& a : story.questions)
    for (const Question& b : story.questions) {
      if (a.asker != b.asker || a.asked != b.asked || a.answers.empty() || b.answers.empty() || a.sent >= b.sent)
        continue;
      any = true;
      const bool both_sends = trace.events[a.answers[0]].message->kind == MessageKind::send &&
                              trace.events[b.answers[0]].message->kind == MessageKind::send;
      if (both_sends && b.answers[0] < a.answers[0])
        return breach("answers of one actor in the order in which it was asked", "a later one before an earlier one",
                      {a.sent, b.sent, b.answers[0], a.answers[0]});
    }
  return exercised_if(any);
}

// RMT-12: a peer whose output nobody reads takes no more, or ends the connection; it does not keep it all.
Verdict memory_stays_bounded(const Trace& trace) {
  constexpr std::uint64_t enough = 12u << 20;
  if (!trace.flood) return {};
  const Flood& flood = *trace.flood;
  if (!flood.held_back && flood.sent >= enough && flood.grown > flood.sent / 2)
    return breach(
        "a writer that waits for its reader, or gives up",
        fmt::format("{} MiB taken while nothing was read, and {} MiB more memory", flood.sent >> 20, flood.grown >> 20),
        {flood.event});
  if (!flood.held_back && flood.sent < enough) return undecidable("too little was sent");
  // Read again, it goes on, or has said that it will not.
  for (std::size_t i = flood.event; i < trace.events.size() && trace.events[i].seen != Seen::settled; ++i)
    if (trace.events[i].seen == Seen::stalled)
      return breach("once it is read again, all that was asked for comes", "it sleeps, and something is missing",
                    {flood.event, i});
  return exercised_if(true);
}

}  // namespace

std::span<const Judge> remote() {
  using namespace spec::rule;
  static const std::vector<Judge> judges = {{RMT_1, one_proxy_for_each},
                                            {RMT_2, sends_are_delivered},
                                            {RMT_3, names_are_found},
                                            {RMT_4, answers_carry_both_ids},
                                            {RMT_5, exits_arrive_once_with_their_reason},
                                            {RMT_6, linking_to_the_dead_is_answered},
                                            {RMT_7, exits_remove_the_row},
                                            {RMT_8, losing_the_transport_ends_all_proxies},
                                            {RMT_9, order_is_kept},
                                            {RMT_10, diagnostics_are_no_frames},
                                            {RMT_11, closing_ends_the_child},
                                            {RMT_12, memory_stays_bounded}};
  return judges;
}

std::span<const Judge> peers() {
  static const std::vector<Judge> judges = [] {
    std::vector<Judge> out(wire().begin(), wire().end());
    out.insert(out.end(), remote().begin(), remote().end());
    return out;
  }();
  return judges;
}

}  // namespace ffi_cts::peer::rules
