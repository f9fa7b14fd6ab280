// A breach in words.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/peer/engine.hpp"

namespace ffi_cts::peer {
namespace {

constexpr std::size_t most_events = 10;

std::string event_in_words(const Event& event) {
  const auto framed = [&](const char* who) {
    if (event.message) return fmt::format("{} {}  [{}]", who, to_text(*event.message), to_hex(event.content, 32));
    return fmt::format("{} {}  [{}{}]", who, event.text, to_hex(event.head), to_hex(event.content, 32));
  };
  switch (event.seen) {
    case Seen::sent:
      return framed("judge ");
    case Seen::received:
      return framed("peer  ");
    case Seen::unreadable:
      return fmt::format("peer   {}  [{}]", event.text, to_hex(event.content, 32));
    case Seen::line:
      return fmt::format("stderr {}", event.text);
    case Seen::noise:
      return fmt::format("judge  writes on the child's stderr: {}", event.text);
    case Seen::settled:
      return "       all that was due has come";
    case Seen::stalled:
      return "       nothing comes, and the peer sleeps";
    case Seen::closed:
      return fmt::format("judge  closes {}", event.text);
    case Seen::ended:
      return "peer   its output ends";
    case Seen::exited:
      return "peer   its process is gone";
  }
  return "";
}

std::vector<std::string> ending_lines(const Trace& trace) {
  if (trace.killed) return {"the peer did not end by itself"};
  if (trace.signal) return {fmt::format("signal {} ended the peer", trace.signal)};
  if (trace.status) return {fmt::format("the peer ended with status {}", trace.status)};
  return {};
}

}  // namespace

Told in_words(const Trace& trace, const Verdict& verdict) {
  Told told;
  told.steps = static_cast<int>(trace.conversation.steps.size());
  told.text = to_text(trace.conversation);
  int number = 0;
  for (const Step& step : trace.conversation.steps)
    told.program.push_back(fmt::format("{}  {}", ++number, to_text(step)));
  std::set<Stamp> shown;
  for (const Stamp stamp : verdict.proof)
    if (stamp < trace.events.size() && shown.size() < most_events) shown.insert(stamp);
  for (const Stamp stamp : shown)
    told.trace.push_back(fmt::format("#{} {}", stamp, event_in_words(trace.events[static_cast<std::size_t>(stamp)])));
  told.ending = ending_lines(trace);
  return told;
}

}  // namespace ffi_cts::peer
