// What judges of peers work out of a conversation's trace: which answer belongs to which question, where the connection
// was lost without a reason, and which frame the peer could not take.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "harness/conversation/judge.hpp"

namespace ffi_cts::peer::rules {

// Something sent that a conforming peer answers: an echo, spawn, who, or link_me.
struct Question {
  std::size_t sent = 0;      // the event
  int step = 0;              // 0: the question at the end, whether all is well
  const Step* of = nullptr;  // null: that question
  std::uint64_t asker = 0;   // the judge's actor
  std::uint64_t asked = 0;   // the peer's actor; 0: conformance
  bool answerable = true;    // the actor had not been asked to end
  std::vector<std::size_t> answers = {};
};

// The peer's actor that linked itself to one of the judge's.
struct Watch {
  std::uint64_t actor = 0, watched = 0;
  std::size_t asked = 0, linked = 0;  // the events: it was told to, and it did
};

struct Story {
  explicit Story(const Trace& trace);

  const Trace& trace;
  std::vector<Question> questions;
  std::vector<Watch> watches;
  std::map<std::uint64_t, std::size_t> exits_asked;  // of the peer's actors: where they were asked to end
  std::optional<std::uint64_t> conformance_id;
  std::size_t provoked = 0;            // the first event after which the connection may end
  std::optional<std::size_t> lost;     // the peer ended it without a reason
  bool intelligible = true;            // everything received is frames and messages, and each echo is one that was sent
  std::optional<std::size_t> suspect;  // the frame that it could not take, as far as can be told

  const Step* step(std::size_t event) const { return trace.step_of(trace.events[event]); }
  // The first settled or stalled event after this one, or the end of the unprovoked part.
  std::size_t settled_after(std::size_t event) const;
  // Was nothing more due then? (Else it had stalled, or was over.)
  bool is_settled(std::size_t event) const {
    return event < trace.events.size() && trace.events[event].seen == Seen::settled;
  }
  // Did it come to rest in this part: settled, stalled or lost before it was provoked?
  bool rested(std::size_t event) const;
  bool answered_by(const Question& question, std::size_t answer) const;

 private:
  void read();
  void take_sent(std::size_t event);
  void take_received(std::size_t event);
  void find_suspect();

  std::set<std::pair<std::uint64_t, std::uint64_t>>
      linked_;  // asked to: the peer's actor (0: conformance), the judge's
};

// The rule that says that the frame has to be taken.
spec::RuleId rule_for(const Story& story, std::size_t sent);

// A breach where the suspect is this rule's; else exercised if `condition`.
Verdict taken(const Trace& trace, spec::RuleId rule, const char* expected, bool (*condition)(const Story&));

// ["exited", "normal"] as its word and what follows.
struct Words {
  std::string word;
  std::optional<std::uint64_t> number;
  std::optional<std::string> text;
};
std::optional<Words> words_of(const Bytes& payload);

}  // namespace ffi_cts::peer::rules
