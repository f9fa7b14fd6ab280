// Host calls and the end of their context: HST-11, HST-12.
#include <algorithm>

#include "conformance/rules/host_calls.hpp"

namespace ffi_cts::rules {
namespace {

// The first destroy that could take effect.
Stamp begun(const Context& context) {
  Stamp first = never;
  for (const Call* destroy : context.destroys)
    if (!inside_own_callback(*destroy)) first = std::min(first, destroy->entered);
  return first;
}

// The call was made before the destroy and answered by nobody.
bool pending_at_the_end(const HostCall& call, const Call& destroy) {
  const Request* request = call.request;
  if (!request || !request->accepted() || request->host_calls.size() != 1) return false;
  const Callback* reply = request->reply();
  const Stamp end = begun(*call.context);
  return call.callback->entered < end && !(reply && reply->entered < end) &&
         std::ranges::none_of(call.completions, [&](const Call* c) { return c->entered < destroy.returned; });
}

}  // namespace

// HST-11: teardown fails every pending host call, and the request that waits for it gets its one RET_ERR.
Verdict teardown_fails_pending_calls(const Trace& trace) {
  bool exercised = false;
  for (const HostCall& call : trace.host_calls) {
    const Call* destroy = call.context ? call.context->destroyed() : nullptr;
    if (!destroy || inside_own_callback(*destroy) || !pending_at_the_end(call, *destroy)) continue;
    exercised = true;
    const auto terminal = call.request->terminal_callbacks();
    const std::string expected =
        call.request->name + ", which awaits " + call.name + ", gets one RET_ERR before destroy returns";
    std::vector<Stamp> proof = stamps(terminal);
    proof.insert(proof.end(), {call.callback->entered, destroy->entered, destroy->returned});
    std::ranges::sort(proof);
    if (terminal.empty()) return breach(expected, "it got no answer", proof);
    if (terminal.front()->entered > destroy->returned) return breach(expected, "it got it later", proof);
    if (terminal.front()->code != ret_err) return breach(expected, "it got RET_OK", proof);
    if (terminal.size() > 1) return breach(expected, "it got " + std::to_string(terminal.size()) + " answers", proof);
  }
  return exercised_if(exercised);
}

// HST-12: a completion after teardown is refused or dropped, also when a new context stands in the old one's place.
Verdict late_completion_is_dropped(const Trace& trace) {
  const auto late = [](const Call& call) { return call.export_ == Export::host_complete && stale(call); };
  if (const Call* call = ended_by(trace, late))
    return ended_by_it(trace, *call, "a completion after teardown is refused or dropped");
  // What other calls with wrong handles do is not this rule's.
  const bool others = std::ranges::any_of(trace.calls, [&](const Call& call) {
    const bool garbage = call.handle_kind != HandleKind::own && call.handle_kind != HandleKind::null;
    return garbage || (stale(call) && !late(call));
  });
  if (others)
    return exercised_if(
        std::ranges::any_of(trace.calls, [&](const Call& call) { return late(call) && call.finished(); }));
  const Verdict verdict =
      ended_right(trace.facts.of<Stories>(trace), spec::rule::HST_12, [](const Story& story) { return story.beside_stale; });
  if (verdict.outcome != Outcome::not_exercised) return verdict;
  return exercised_if(
      std::ranges::any_of(trace.calls, [&](const Call& call) { return late(call) && call.finished(); }));
}

}  // namespace ffi_cts::rules
