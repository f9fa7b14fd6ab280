#include "conformance/rules/peer_story.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ffi_cts::peer::rules {

namespace {

bool is_echo(const Bytes& payload) {
  constexpr std::string_view begin =
      "\x82\x64"
      "echo";
  return payload.size() > begin.size() &&
         std::equal(begin.begin(), begin.end(), payload.begin(),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

bool is_stimulus(const Event& event) {
  return event.seen == Seen::sent || event.seen == Seen::noise;
}

bool is_question(Verb verb) {
  return verb == Verb::echo || verb == Verb::spawn || verb == Verb::who || verb == Verb::link_me || verb == Verb::flood;
}

}  // namespace

std::optional<Words> words_of(const Bytes& payload) {
  if (is_echo(payload)) return std::nullopt;  // they may be long
  const Decoded decoded = decode(payload);
  const List* list = decoded ? decoded.value->list() : nullptr;
  if (!list || list->size() != 2 || !(*list)[0].text()) return std::nullopt;
  Words words{*(*list)[0].text(), (*list)[1].uint(), {}};
  if ((*list)[1].text()) words.text = *(*list)[1].text();
  return words;
}

Story::Story(const Trace& t) : trace(t) {
  read();
  find_suspect();
}

void Story::read() {
  provoked = trace.events.size();
  for (std::size_t i = 0; i < trace.events.size(); ++i) {
    const Event& event = trace.events[i];
    const Step* of = step(i);
    // After a flood the peer may give up its connection (RMT-12).
    const bool ends =
        event.seen == Seen::closed || event.text == "a flood" ||
        (event.seen == Seen::sent &&
         (event.fault != FaultClass::none || (event.message && event.message->kind == MessageKind::transport_error) ||
          (of && (of->verb == Verb::shut || of->verb == Verb::half))));
    if (ends) provoked = std::min(provoked, i);
    if (event.seen == Seen::sent) take_sent(i);
    if (event.seen == Seen::received) take_received(i);
    if (event.seen == Seen::unreadable) intelligible = false;
    const bool over = event.seen == Seen::ended || (event.seen == Seen::received && event.message &&
                                                    event.message->kind == MessageKind::transport_error);
    if (over && i < provoked && !lost) lost = i;
  }
}

void Story::take_sent(std::size_t event) {
  const Event& sent = trace.events[event];
  const Step* of = step(event);
  if (!sent.message || sent.fault != FaultClass::none) return;
  if (sent.message->kind == MessageKind::exit)
    std::erase_if(linked_, [&](auto& pair) { return pair.second == sent.message->local; });
  if (of && of->verb == Verb::exit) exits_asked.emplace(sent.to_id, event);
  if ((of && !is_question(of->verb)) || (of && of->to == nobody)) return;
  Question question{event, sent.step, of, sent.message->local, sent.to_id};
  question.answerable = !exits_asked.contains(sent.to_id);
  // Who is linked already may take it as said.
  if (of && of->verb == Verb::link_me) question.answerable &= linked_.emplace(sent.to_id, sent.message->local).second;
  questions.push_back(std::move(question));
}

bool Story::answered_by(const Question& question, std::size_t answer) const {
  const Message& message = *trace.events[answer].message;
  const std::uint64_t asked = question.asked ? question.asked : conformance_id.value_or(message.local);
  const bool from_asked = asked == message.local;
  if (message.kind == MessageKind::link)
    return question.of && question.of->verb == Verb::link_me && message.remote == question.asker && from_asked;
  if (message.kind != MessageKind::send) return false;
  const Verb verb = question.of ? question.of->verb : Verb::echo;
  if (verb == Verb::echo) return echo_number(message.payload) == static_cast<std::uint64_t>(question.step);
  const auto words = words_of(message.payload);
  if (!words || message.remote != question.asker) return false;
  return (verb == Verb::spawn && words->word == "spawned") ||
         (verb == Verb::who && words->word == "proxy" && from_asked);
}

void Story::take_received(std::size_t event) {
  const Event& received = trace.events[event];
  if (!received.message) {
    intelligible = false;
    return;
  }
  const Message& message = *received.message;
  const auto answers = [&](const Question& q) {
    const bool repeatable = !q.of || q.of->verb == Verb::echo;
    const bool said_again = q.of && q.of->verb == Verb::link_me && !q.answerable;
    return (q.answers.empty() || repeatable) && !said_again && answered_by(q, event);
  };
  const auto found = std::find_if(questions.begin(), questions.end(), answers);
  if (found != questions.end()) {
    found->answers.push_back(event);
    if (message.kind == MessageKind::link) watches.push_back({message.local, message.remote, found->sent, event});
    const bool by_name = found->of == nullptr || found->of->to == conformance || found->of->verb == Verb::spawn;
    if (by_name && !conformance_id) conformance_id = message.local;
  } else if (message.kind == MessageKind::send && is_echo(message.payload)) {
    // Not one that was sent, unless it is of a flood.
    const bool known = std::any_of(trace.events.begin(), trace.events.end(),
                                   [&](const Event& e) { return e.seen == Seen::sent && e.text == "a flood"; });
    if (!known && !echo_number(message.payload)) intelligible = false;
  }
}

std::size_t Story::settled_after(std::size_t event) const {
  for (std::size_t i = event + 1; i < std::min(provoked, trace.events.size()); ++i)
    if (trace.events[i].seen == Seen::settled || trace.events[i].seen == Seen::stalled || i == lost) return i;
  return std::min(provoked, trace.events.size());
}

bool Story::rested(std::size_t event) const {
  return event < provoked;
}

void Story::find_suspect() {
  if (!intelligible) return;
  std::optional<std::size_t> unanswered;
  std::size_t last_answered = 0;
  bool any_answered = false;
  for (const Question& question : questions) {
    if (!question.answers.empty()) {
      last_answered = std::max(last_answered, question.sent);
      any_answered = true;
    } else if (question.answerable && question.sent < provoked && !unanswered) {
      const std::size_t rest = settled_after(question.sent);
      if (rested(rest)) unanswered = question.sent;
    }
  }
  if (!unanswered && !lost) return;
  if (unanswered && any_answered && *unanswered < last_answered) {
    suspect = unanswered;
    return;
  }
  const std::size_t end = lost ? std::min(*lost, provoked) : provoked;
  for (std::size_t i = any_answered ? last_answered + 1 : 0; i < end; ++i) {
    if (!is_stimulus(trace.events[i])) continue;
    suspect = i;
    return;
  }
  for (std::size_t i = end; i-- > 0 && !suspect;)
    if (is_stimulus(trace.events[i])) suspect = i;
}

spec::RuleId rule_for(const Story& story, std::size_t sent) {
  using namespace spec::rule;
  const Trace& trace = story.trace;
  const Event& event = trace.events[sent];
  const Step* step = story.step(sent);
  if (event.seen == Seen::noise) return RMT_10;
  bool joined = step && step->form.odd();
  for (std::size_t i = sent; i-- > 0;) {
    if (trace.events[i].seen != Seen::sent) continue;
    const Step* before = story.step(i);
    joined = joined || (before && before->form.joined);
    break;
  }
  if (joined) return WIRE_2;
  if (event.content.size() > trace.limit / 2) return WIRE_3;
  const auto ended_before = [&] {
    for (std::size_t i = 0; i < sent; ++i)
      if (trace.events[i].seen == Seen::sent && event.message && trace.events[i].message &&
          trace.events[i].message->kind == MessageKind::exit && trace.events[i].message->local == event.message->local)
        return true;
    return false;
  };
  if (event.message && event.message->kind != MessageKind::exit && ended_before()) return RMT_7;
  if (!step || !event.message) return RMT_3;
  if (event.message->kind == MessageKind::exit) return RMT_5;
  if (event.message->kind == MessageKind::link || event.message->kind == MessageKind::proxy_id) return WIRE_4;
  return event.message->kind == MessageKind::send ? RMT_2 : RMT_3;
}

Verdict taken(const Trace& trace, spec::RuleId rule, const char* expected, bool (*condition)(const Story&)) {
  const Story story(trace);
  if (!story.suspect) return exercised_if(condition(story));
  if (rule_for(story, *story.suspect) != rule) return undecidable("the conversation broke off at something else");
  const Event& event = trace.events[*story.suspect];
  std::string what = event.message ? to_text(*event.message) : event.text;
  if (event.seen == Seen::noise) what = "frames on the child's stderr";
  std::vector<Stamp> proof{*story.suspect};
  if (!story.lost) return breach(expected, fmt::format("nothing came after {}", what), std::move(proof));
  proof.push_back(*story.lost);
  const Event& end = trace.events[*story.lost];
  std::string how = end.message ? fmt::format("the peer ended the connection (\"{}\")", end.message->text)
                                : "the peer's output ended";
  if (trace.signal) how += fmt::format(", its process by signal {}", trace.signal);
  return breach(expected, fmt::format("{} after {}", how, what), std::move(proof));
}

}  // namespace ffi_cts::peer::rules
