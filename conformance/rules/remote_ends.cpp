// Chapter 10, remote: judges of exits, of losing the transport, and of parents.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "conformance/rules/peer_story.hpp"

namespace ffi_cts::peer::rules {

namespace {

constexpr std::string_view lost_reason = "transport_closed";

bool is_sent(const Event& event, MessageKind kind) {
  return event.seen == Seen::sent && event.message && event.message->kind == kind;
}

// A line `exited 200 boom` of the peer's stderr.
struct Line {
  std::uint64_t who = 0;
  std::string reason;
  std::size_t event = 0;
};

std::vector<Line> exit_lines(const Trace& trace) {
  std::vector<Line> out;
  for (std::size_t i = 0; i < trace.events.size(); ++i) {
    const Event& event = trace.events[i];
    if (event.seen != Seen::line || !event.text.starts_with("exited ")) continue;
    const std::size_t blank = event.text.find(' ', 7);
    const std::string number = event.text.substr(7, blank == std::string::npos ? blank : blank - 7);
    if (number.empty() || number.size() > 20 || number.find_first_not_of("0123456789") != std::string::npos) continue;
    out.push_back({std::strtoull(number.c_str(), nullptr, 10),
                   blank == std::string::npos ? "" : event.text.substr(blank + 1), i});
  }
  return out;
}

bool asked_to_end(const Story& story, std::uint64_t actor, std::size_t before) {
  const auto asked = story.exits_asked.find(actor);
  return asked != story.exits_asked.end() && asked->second < before;
}

// How often the actor was told to link itself to that one of the judge's, between the two events.
std::size_t links_asked(const Story& story, std::uint64_t actor, std::uint64_t watched, std::size_t from,
                        std::size_t to) {
  return static_cast<std::size_t>(std::count_if(story.questions.begin(), story.questions.end(), [&](const Question& q) {
    const std::uint64_t asked = q.asked ? q.asked : story.conformance_id.value_or(0);
    return q.of && q.of->verb == Verb::link_me && asked == actor && q.asker == watched && q.sent >= from && q.sent < to;
  }));
}

// The messages ["exited", reason] of that actor between the two events.
std::vector<std::size_t> exited_messages(const Trace& trace, std::uint64_t actor, std::size_t from, std::size_t to) {
  std::vector<std::size_t> out;
  for (std::size_t i = from; i < to; ++i) {
    const Event& event = trace.events[i];
    if (event.seen != Seen::received || !event.message || event.message->kind != MessageKind::send ||
        event.message->local != actor)
      continue;
    const auto words = words_of(event.message->payload);
    if (words && words->word == "exited" && event.message->remote == id_of_asker) out.push_back(i);
  }
  return out;
}

// The judge's actor ended: each actor that is linked to it hears of it once, with the reason.
Verdict remote_exits_are_heard(const Story& story) {
  const Trace& trace = story.trace;
  bool any = false;
  for (std::size_t end = 0; end < story.provoked; ++end) {
    const Event& event = trace.events[end];
    if (!is_sent(event, MessageKind::exit)) continue;
    for (const Watch& watch : story.watches) {
      if (watch.watched != event.message->local || watch.linked > end || asked_to_end(story, watch.actor, end))
        continue;
      std::size_t last_end = 0;
      for (std::size_t i = 0; i < end; ++i)
        if (is_sent(trace.events[i], MessageKind::exit) && trace.events[i].message->local == watch.watched)
          last_end = i;
      if (watch.asked < last_end) continue;
      const std::size_t rest = story.settled_after(end);
      // Once more, it would come later, too; before the next exit there is no other that it could be of.
      std::size_t next = end + 1;
      while (next < story.provoked && !is_sent(trace.events[next], MessageKind::exit)) ++next;
      const auto heard = exited_messages(trace, watch.actor, end, next);
      const std::size_t most = links_asked(story, watch.actor, watch.watched, last_end, end);
      if (rest >= story.provoked || rest == story.lost) continue;
      any = true;
      const std::string due = fmt::format("actor {} hears of the exit of {} once, with \"{}\"", watch.actor,
                                          watch.watched, event.message->text);
      if (heard.empty() || heard[0] > rest) return breach(due, "it hears nothing", {watch.linked, end, rest});
      const auto reason = words_of(trace.events[heard[0]].message->payload)->text.value_or("");
      if (reason != event.message->text)
        return breach(due, fmt::format("it hears \"{}\"", reason), {watch.linked, end, heard[0]});
      if (heard.size() > std::max<std::size_t>(1, most))
        return breach(due, fmt::format("it hears it {} times", heard.size()), {watch.linked, end, heard[0], heard[1]});
    }
  }
  return exercised_if(any);
}

std::size_t links_to(const Trace& trace, std::uint64_t actor) {
  return static_cast<std::size_t>(std::count_if(trace.events.begin(), trace.events.end(), [&](const Event& e) {
    return is_sent(e, MessageKind::link) && e.message->remote == actor;
  }));
}

// The last link to it before the event of a judge's actor that has not ended by then: nobody hears for one that has.
std::optional<std::size_t> last_link_to(const Trace& trace, std::uint64_t actor, std::size_t before) {
  std::map<std::uint64_t, std::size_t> links;  // by who is linked
  for (std::size_t i = 0; i < before; ++i) {
    const Event& event = trace.events[i];
    if (is_sent(event, MessageKind::link) && event.message->remote == actor) links[event.message->local] = i;
    if (is_sent(event, MessageKind::exit)) links.erase(event.message->local);
  }
  std::optional<std::size_t> last;
  for (const auto& [who, link] : links) last = std::max(last, std::optional(link));
  return last;
}

// The peer's actor ended that the judge is linked to: one exit, with the reason.
Verdict own_exits_are_sent(const Story& story) {
  const Trace& trace = story.trace;
  bool any = false;
  for (const auto& [actor, asked] : story.exits_asked) {
    const std::size_t links = links_to(trace, actor);
    const std::optional<std::size_t> link = last_link_to(trace, actor, asked);
    const std::size_t rest = story.settled_after(asked);
    const Step* step = story.step(asked);
    if (!link || !step || rest >= story.provoked || rest == story.lost) continue;
    any = true;
    std::vector<std::size_t> exits;
    for (std::size_t i = asked; i < trace.events.size(); ++i) {
      const Event& event = trace.events[i];
      if (event.seen == Seen::received && event.message && event.message->kind == MessageKind::exit &&
          event.message->local == actor)
        exits.push_back(i);
    }
    const std::string due = fmt::format("one exit of {} with \"{}\"", actor, step->text);
    if (exits.empty() || exits[0] > rest) return breach(due, "none", {*link, asked, rest});
    if (trace.events[exits[0]].message->text != step->text)
      return breach(due, fmt::format("one with \"{}\"", trace.events[exits[0]].message->text),
                    {*link, asked, exits[0]});
    if (exits.size() > links)
      return breach(due, fmt::format("{} of them", exits.size()), {*link, asked, exits[0], exits[1]});
  }
  return exercised_if(any);
}

// Who is linked to whom when the connection ends: surely, and at most.
struct Linked {
  std::uint64_t watched;
  std::size_t least = 0, most = 0;
};

std::vector<Linked> linked_at_the_end(const Story& story) {
  const Trace& trace = story.trace;
  std::vector<Linked> out;
  for (int judge = 1; judge <= judges_actors; ++judge) {
    Linked linked{id_of_judge(judge)};
    std::size_t last_end = 0;
    for (std::size_t i = 0; i < trace.events.size(); ++i)
      if (is_sent(trace.events[i], MessageKind::exit) && trace.events[i].message->local == linked.watched) last_end = i;
    std::vector<std::uint64_t> sure;
    for (const Watch& watch : story.watches) {
      const bool holds = watch.watched == linked.watched && watch.asked >= last_end && watch.linked < story.provoked &&
                         !story.exits_asked.contains(watch.actor);
      if (holds && std::find(sure.begin(), sure.end(), watch.actor) == sure.end()) sure.push_back(watch.actor);
    }
    linked.least = sure.size();
    linked.most =
        static_cast<std::size_t>(std::count_if(story.questions.begin(), story.questions.end(), [&](const Question& q) {
          return q.of && q.of->verb == Verb::link_me && q.asker == linked.watched && q.sent >= last_end;
        }));
    out.push_back(linked);
  }
  return out;
}

// The parent under test is the one who ends it.
bool parent_closes(const Story& story) {
  if (!story.trace.parent || story.provoked >= story.trace.events.size()) return false;
  const Step* step = story.step(story.provoked);
  return story.trace.child.stubborn ||
         (step && (step->verb == Verb::shut || step->verb == Verb::bad || step->verb == Verb::error));
}

}  // namespace

// RMT-5: exits arrive once each, with the very reason, in both directions.
Verdict exits_arrive_once_with_their_reason(const Trace& trace) {
  const Story story(trace);
  const Verdict remote = remote_exits_are_heard(story), own = own_exits_are_sent(story);
  if (remote.outcome == Outcome::breach) return remote;
  if (own.outcome == Outcome::breach) return own;
  const Verdict frames = taken(trace, spec::rule::RMT_5, "an exit is taken, and the connection goes on",
                               [](const Story&) { return false; });
  if (frames.outcome == Outcome::breach) return frames;
  return exercised_if(remote.outcome == Outcome::pass || own.outcome == Outcome::pass);
}

// RMT-6: whoever links to an actor that is gone hears of it at once.
Verdict linking_to_the_dead_is_answered(const Trace& trace) {
  const Story story(trace);
  bool any = false;
  for (std::size_t i = 0; i < story.provoked; ++i) {
    const Event& event = trace.events[i];
    if (!is_sent(event, MessageKind::link) || !asked_to_end(story, event.message->remote, i)) continue;
    const std::size_t rest = story.settled_after(i);
    if (rest >= story.provoked || rest == story.lost) continue;
    any = true;
    const bool told =
        std::any_of(trace.events.begin() + static_cast<std::ptrdiff_t>(i), trace.events.end(), [&](const Event& e) {
          return e.seen == Seen::received && e.message && e.message->kind == MessageKind::exit &&
                 e.message->local == event.message->remote;
        });
    if (!told)
      return breach(fmt::format("an exit of {}, which is gone", event.message->remote), "none",
                    {story.exits_asked.at(event.message->remote), i, rest});
  }
  return exercised_if(any);
}

// RMT-8: at the end of the transport each live proxy ends with "transport_closed", once; then the peer's process ends.
Verdict losing_the_transport_ends_all_proxies(const Trace& trace) {
  const Story story(trace);
  if (story.lost || !story.intelligible || (trace.parent && !trace.child.begun)) return {};
  const std::size_t end = trace.events.empty() ? 0 : std::min(story.provoked, trace.events.size() - 1);
  const bool fault = end < trace.events.size() && trace.events[end].fault != FaultClass::none;
  if (!fault && !parent_closes(story)) {  // how that ends judges RMT-11
    const char* due = "the process ends with status 0 once the transport is gone";
    if (trace.killed) return breach(due, "it goes on, and sleeps", {end});
    if (trace.signal) return breach(due, fmt::format("signal {} ended it", trace.signal), {end});
    if (trace.status) return breach(due, fmt::format("status {}", trace.status), {end});
  }
  if (trace.killed || trace.signal) return {};
  bool any = false;
  const std::vector<Line> lines = exit_lines(trace);
  for (const Linked& linked : linked_at_the_end(story)) {
    std::vector<Stamp> proof{end};
    for (const Line& line : lines)
      if (line.who == linked.watched && line.reason == lost_reason) proof.push_back(line.event);
    const std::size_t told = proof.size() - 1;
    any = any || linked.least > 0;
    if (told >= linked.least && told <= std::max(linked.least, linked.most)) continue;
    return breach(fmt::format("a line \"exited {} {}\" of each of {} linked actor{}", linked.watched, lost_reason,
                              linked.least, linked.least == 1 ? "" : "s"),
                  fmt::format("{} of them", told), std::move(proof));
  }
  return exercised_if(any);
}

// RMT-10: what the child writes to its stderr arrives at the parent's, and is never taken for frames.
Verdict diagnostics_are_no_frames(const Trace& trace) {
  if (!trace.parent) return {};
  bool any = false;
  for (std::size_t i = 0; i < trace.events.size(); ++i) {
    const Event& event = trace.events[i];
    if (event.seen == Seen::received && event.message && event.message->remote == id_of_asker &&
        event.message->kind == MessageKind::send) {
      const auto payload = decode(event.message->payload);
      const List* list = payload ? payload.value->list() : nullptr;
      const List* inner = list && list->size() == 2 ? (*list)[1].list() : nullptr;
      if (inner && !inner->empty() && inner->front() == Value(-1))
        return breach("the child's stderr is no frames", "what stood on it was answered", {i});
    }
    if (event.seen != Seen::noise) continue;
    const Story story(trace);
    if (trace.killed || story.lost) continue;
    any = true;
    const bool passed_on = std::any_of(trace.events.begin(), trace.events.end(),
                                       [&](const Event& e) {  // with whatever the parent puts around it
                                         return e.seen == Seen::line && e.text.find(event.text) != std::string::npos;
                                       });
    if (!passed_on) return breach("a line of the child's stderr on the parent's", "none", {i});
  }
  const Verdict frames =
      taken(trace, spec::rule::RMT_10, "the child's stderr is no frames", [](const Story&) { return false; });
  return frames.outcome == Outcome::breach ? frames : exercised_if(any);
}

// RMT-11: closing ends the child, gently first, and leaves nothing of it behind.
Verdict closing_ends_the_child(const Trace& trace) {
  if (!trace.parent || !trace.child.begun) return {};
  const Story story(trace);
  if (story.lost) return {};
  const Child& child = trace.child;
  const Stamp last = trace.events.empty() ? 0 : trace.events.size() - 1;
  if (child.pressed_early)
    return breach("the child's input is closed first",
                  child.told_to_end ? "SIGTERM came before its end" : "the child was killed before its end", {last});
  if (child.killed && !child.told_to_end)
    return breach("SIGTERM before SIGKILL", "the child was killed at once", {last});
  if (trace.killed && parent_closes(story))
    return breach("the child is ended within a bound, and the parent goes on",
                  child.stubborn ? "the parent waits for a child that heeds neither the end of its input nor SIGTERM"
                                 : "the parent never ended",
                  {last});
  if (child.left)
    return breach("no child, and no zombie, is left behind", "the parent ended without having waited for it", {last});
  return exercised_if(trace.exited);
}

}  // namespace ffi_cts::peer::rules
