// Events under load: EVT-16, EVT-17, EVT-19.
#include <algorithm>

#include "conformance/rules/hearing.hpp"

namespace ffi_cts::rules {

// EVT-16: registered before an emission began and not removed: hears it, whatever other threads add or remove
// meanwhile.
Verdict heard_despite_churn(const Trace& trace) {
  const Hearing& hearing = trace.facts.of<Hearing>(trace);
  Found found;
  for (const Request* request : hearing.emissions()) {
    if (!churned(trace, *request)) continue;
    for (const Listener* listener : request->context->listeners) {
      if (!hearing.expects(*listener, *request)) continue;
      if (hearing.misses(*listener, *request)) return wrong_count(hearing, *listener, *request);
      found.decided |= hearing.count(*listener, *request) >= request->emits;
      found.open = true;
    }
  }
  return found.verdict(trace);
}

namespace {

constexpr std::uint64_t burst_size = 1000;

// When the burst is certainly over: one listener has heard it whole, or the library fell silent after its answer.
Stamp burst_over(const Trace& trace, const Hearing& hearing, const Request& burst) {
  Stamp over = never;
  for (const Listener* listener : burst.context->listeners) {
    std::uint64_t count = 0;
    for (const Heard& heard : hearing.heard(*listener))
      if (heard.request == &burst && ++count == burst.emits) over = std::min(over, heard.callback->left);
  }
  const Callback* reply = burst.reply();
  for (const Wait& wait : trace.waits)
    if (wait.given_up && reply && wait.begun > reply->entered) over = std::min(over, wait.over);
  return over;
}

// A plain request on an open context: nothing but the burst could be why it fails.
const Request* fails_after(const Request& burst, Stamp over) {
  for (const Request* later : burst.context->requests) {
    const bool plain = later->role == RoleName::echo || later->role == RoleName::empty;
    if (!plain || !promises_ok(*later) || crowded(*later) || later->call->inside || later->call->entered < over)
      continue;
    const Callback* reply = later->reply();
    const bool failed = later->refused() || (reply && reply->code == ret_err);
    const Stamp told = reply && !later->refused() ? reply->entered : later->call->returned;
    if (failed && !destroy_begun_before(*burst.context, told)) return later;
  }
  return nullptr;
}

}  // namespace

// EVT-17: a burst of events is delivered whole or its loss is reported to the caller, and the context works on.
Verdict bursts_arrive_or_are_refused(const Trace& trace) {
  const Hearing& hearing = trace.facts.of<Hearing>(trace);
  Found found;
  for (const Request* burst : hearing.emissions()) {
    if (burst->emits < burst_size) continue;
    const Callback* reply = burst->reply();
    found.decided |= burst->refused() || (reply && reply->code == ret_err);
    for (const Listener* listener : burst->context->listeners) {
      if (!hearing.expects(*listener, *burst)) continue;
      // A few of thousands are an ordinary loss (EVT-4); a burst that is too much for a library loses a good part.
      const std::uint64_t count = hearing.count(*listener, *burst);
      if (hearing.misses(*listener, *burst) && count < burst->emits - burst->emits / 20) return wrong_count(hearing, *listener, *burst);
      found.decided |= count == burst->emits;
      found.open = true;
    }
    const Stamp over = burst_over(trace, hearing, *burst);
    if (const Request* failed = fails_after(*burst, over))
      return breach("the context works on after a burst of " + std::to_string(burst->emits) + " events",
                    failed->name + " failed", {burst->call->entered, over, failed->call->entered});
  }
  return found.verdict(trace);
}

namespace {

constexpr std::size_t many = 1000;

std::uint64_t median_cost(std::span<Listener* const> some) {
  std::vector<std::uint64_t> costs;
  for (const Listener* listener : some) costs.push_back(listener->add->returned_ns - listener->add->entered_ns);
  std::ranges::sort(costs);
  return costs[costs.size() / 2];
}

// Ten times as many listeners may make an addition ten times as dear. Four times that, and far above the clock's noise,
// is growth of a higher order.
Verdict cost_of_many(const Context& context) {
  const std::span<Listener* const> all = context.listeners;
  constexpr std::size_t sample = 200;
  const bool plain = std::ranges::all_of(all, [](const Listener* l) { return l->add->finished() && !l->add->inside; });
  if (all.size() < 10 * many || !plain) return exercised_if(true);
  const std::uint64_t few = std::max<std::uint64_t>(median_cost(all.subspan(many - sample, sample)), 1000);
  const std::uint64_t most = median_cost(all.last(sample));
  const std::uint64_t allowed = 4 * few * (all.size() / many);
  constexpr std::uint64_t noise_ns = 200'000;
  if (most <= allowed || most <= noise_ns) return exercised_if(true);
  Verdict verdict =
      breach("adding a listener to " + std::to_string(all.size()) + " costs at most " + std::to_string(allowed) + " ns",
             std::to_string(most) + " ns, and " + std::to_string(few) + " ns at " + std::to_string(many),
             {all[many - 1]->add->entered, all.back()->add->entered});
  verdict.timing = true;
  return verdict;
}

}  // namespace

// EVT-19: 10,000 listeners work, at a cost that grows no faster than their number.
Verdict many_listeners_work(const Trace& trace) {
  const auto adds_to_many = [](const Call& call) {
    return call.export_ == Export::add_listener && call.handle_kind == HandleKind::own && call.context &&
           !call.inside && call.misuse == Misuse::none && !stale(call) && call.context->listeners.size() > many;
  };
  if (const Call* call = running_with(trace, adds_to_many))
    return ended_in(trace, *call, "10,000 listeners can be added");
  const Hearing& hearing = trace.facts.of<Hearing>(trace);
  bool exercised = false;
  for (const Context& context : trace.contexts) {
    if (context.listeners.size() <= many) continue;
    exercised = true;
    for (const Listener* listener : context.listeners) {
      if (must_be_added(trace, *listener) && listener->id == 0)
        return breach("10,000 listeners can be added", listener->name + " was refused",
                      {listener->add->entered, listener->add->returned});
      for (const Request* request : hearing.emissions())
        if (hearing.misses(*listener, *request) && !churned(trace, *request)) return wrong_count(hearing, *listener, *request);
    }
    if (const Verdict cost = cost_of_many(context); cost.outcome == Outcome::breach) return cost;
  }
  return exercised_if(exercised);
}

}  // namespace ffi_cts::rules
