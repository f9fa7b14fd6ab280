// Hand-written traces of conversations, for the tests of judges.
#pragma once

#include <string_view>
#include <utility>

#include "conformance/rules/peer_judge.hpp"

namespace ffi_cts::peer {

// Written down as it goes: what steps send, what comes, how it ends.
class Talk {
 public:
  explicit Talk(std::string_view steps, bool parent = false) {
    trace.conversation = parse_conversation(steps);
    trace.parent = trace.child.begun = parent;
  }

  Talk& sends(int step, Message message) {
    Event& event = add(Seen::sent, step);
    event.content = write_message(message, Dialect::plain);
    event.to_id = message.remote;
    event.message = std::move(message);
    return *this;
  }
  Talk& spoils(int step, FaultClass fault, std::string text = "something bad") {
    Event& event = add(Seen::sent, step);
    event.fault = fault;
    event.text = std::move(text);
    return *this;
  }
  Talk& hears(Message message) {
    Event& event = add(Seen::received, 0);
    event.content = write_message(message, Dialect::plain);
    event.head = write_frame(event.content);
    event.head.resize(5);
    event.message = std::move(message);
    return *this;
  }
  Talk& hears_content(Bytes head, Bytes content, std::string why) {
    Event& event = add(Seen::received, 0);
    event.head = std::move(head);
    event.content = std::move(content);
    event.text = std::move(why);
    return *this;
  }
  Talk& sees(Seen seen, std::string text = {}) {
    add(seen, 0).text = std::move(text);
    return *this;
  }
  // The end as it should be.
  Talk& leaves() {
    sees(Seen::closed).sees(Seen::ended).sees(Seen::exited);
    trace.exited = true;
    return *this;
  }

  Verdict judged(spec::RuleId rule) const {
    for (const Judge& judge : rules::peers())
      if (judge.rule == rule) return judge.judge(trace);
    return undecidable("no judge");
  }
  Outcome by(spec::RuleId rule) const { return judged(rule).outcome; }

  Trace trace;

 private:
  Event& add(Seen seen, int step) {
    trace.events.push_back({seen, step});
    return trace.events.back();
  }
};

// ["echo", [number, item]], ["spawned", 5], ["exited", "boom"].
inline Bytes echo_of(std::uint64_t number, Bytes item = {0x01}) {
  Bytes out{0x82, 0x64, 'e', 'c', 'h', 'o', 0x82};
  write_head(out, 0, number);
  out.insert(out.end(), item.begin(), item.end());
  return out;
}
inline Bytes words(std::string_view word, std::uint64_t number) {
  Bytes out{0x82};
  write_text(out, word);
  write_head(out, 0, number);
  return out;
}
inline Bytes words(std::string_view word, std::string_view text) {
  Bytes out{0x82};
  write_text(out, word);
  write_text(out, text);
  return out;
}
inline Bytes word(std::string_view word) {
  Bytes out{0x81};
  write_text(out, word);
  return out;
}

constexpr std::uint64_t j1 = 1, j2 = 200, the_actor = 40, a1 = 50;  // ids
inline Message to_name(std::uint64_t from, Bytes payload) {
  return {MessageKind::send_named, from, 0, "conformance", std::move(payload)};
}
inline Message to_id(std::uint64_t from, std::uint64_t to, Bytes payload) {
  return {MessageKind::send, from, to, "", std::move(payload)};
}
inline Message exit_of(std::uint64_t who, std::string reason) {
  return {MessageKind::exit, who, 0, std::move(reason)};
}
inline Message link_of(std::uint64_t from, std::uint64_t to) {
  return {MessageKind::link, from, to};
}
inline Message error_of(std::string reason) {
  return {MessageKind::transport_error, 0, 0, std::move(reason)};
}

}  // namespace ffi_cts::peer
