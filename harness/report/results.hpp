// Results made by hand, for the tests of the reports.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "harness/engine/result.hpp"
#include "harness/program/text.hpp"
#include "harness/trace/recording.hpp"

namespace ffi_cts {

inline RuleResult a_rule(spec::RuleId id, Status status, std::string note = {}) {
  RuleResult rule(id);
  rule.status = status;
  rule.exercised = status == Status::not_exercised || status == Status::not_applicable ? 0 : 10;
  rule.note = std::move(note);
  return rule;
}

inline Breach a_breach(Trace trace, Verdict verdict) {
  Breach breach;
  breach.example.program =
      parse_program("A  c1 = create\nA  l1 = listen c1 event { remove l1 }\nA  r1 = request c1 emit\n");
  breach.example.sighting = {std::make_shared<const Trace>(std::move(trace)), std::move(verdict), 1};
  breach.example.reproduced = true;
  breach.original_steps = 41;
  breach.seed = 7;
  breach.case_number = 118;
  breach.seen = breach.of = 20;
  breach.case_file = "cases/EVT-9-7f3a.case";
  return breach;
}

// A listener that removes itself, and hears the second event all the same: the events from #0 on.
inline std::pair<Trace, Verdict> heard_again() {
  Recording t;
  auto c = t.create();
  auto l = t.listen(c);
  auto r = t.request(c, RoleName::emit);
  auto hears = t.enter_hear(l, r);
  t.remove(l);
  t.leave(hears);
  auto again = t.enter_hear(l, r);
  t.leave(again);
  t.reply(r);
  t.destroy(c);
  Trace trace = t.trace();
  const Listener& listener = trace.listeners.front();
  Stamp removed = listener.removes.front()->returned;
  Verdict verdict = breach("l1 hears no event after its removal", "it heard another", {removed, again.stamp});
  return {std::move(trace), std::move(verdict)};
}

inline RuleResult a_failure(spec::RuleId id = spec::rule::EVT_9) {
  auto [trace, verdict] = heard_again();
  RuleResult rule = a_rule(id, Status::fail);
  rule.broken = 3;
  rule.breach = a_breach(std::move(trace), std::move(verdict));
  return rule;
}

inline Result a_result(std::vector<RuleResult> rules) {
  Result result;
  result.library = "lib/libfoo.so";
  result.interface_file = "lib/foo.toml";
  result.seed = 7;
  result.cases = 10000;
  result.seconds = 12.5;
  result.rules = std::move(rules);
  return result;
}

}  // namespace ffi_cts
