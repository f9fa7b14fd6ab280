// Removing and adding, outside callbacks and inside: EVT-7, EVT-8, EVT-9, EVT-10.
#include <algorithm>

#include "conformance/rules/hearing.hpp"

namespace ffi_cts::rules {
namespace {

// Who has which id: listeners of one context by id. An add that never returned may have any.
class Registry {
 public:
  explicit Registry(const Trace& trace) {
    for (const Listener& listener : trace.listeners) {
      if (!listener.context || listener.add->handle_kind != HandleKind::own) continue;
      if (!listener.add->finished()) pending_[listener.context].push_back(&listener);
      if (listener.added()) ids_[listener.context][listener.id].push_back(&listener);
    }
  }

  // For certain there was no listener with this id while the remove ran.
  bool nothing_to_remove(const Hearing& hearing, const Call& remove) {
    if (remove.id == 0) return true;
    for (const Listener* listener : pending_[remove.context])
      if (listener->add->entered < remove.returned) return false;
    return std::ranges::all_of(ids_[remove.context][remove.id], [&](const Listener* listener) {
      if (listener->add->entered > remove.returned) return true;
      return std::ranges::any_of(hearing.removes(*listener), [&](const Call* earlier) {
        return earlier != &remove && earlier->finished() && earlier->result == 0 && earlier->returned < remove.entered;
      });
    });
  }

 private:
  std::unordered_map<const Context*, std::vector<const Listener*>> pending_;
  std::unordered_map<const Context*, std::unordered_map<std::uint64_t, std::vector<const Listener*>>> ids_;
};

// A listener that heard all before a remove that failed and nothing after it.
Verdict lost_by(const Hearing& hearing, const Call& remove) {
  for (const Listener* listener : hearing.listeners()) {
    if (listener->context != remove.context) continue;
    bool heard_before = false;
    for (const Request* request : hearing.emissions())
      heard_before |=
          request->reply() && request->reply()->entered < remove.entered && hearing.count(*listener, *request) > 0;
    for (const Request* request : hearing.emissions())
      if (heard_before && request->call->entered > remove.returned && hearing.misses(*listener, *request))
        return wrong_count(hearing, *listener, *request);
  }
  return exercised_if(true);
}

bool removes_by_own_handle(const Call& call) {
  return call.export_ == Export::remove_listener && call.handle_kind == HandleKind::own && call.context && !stale(call);
}

}  // namespace

// EVT-7: removing an unknown, removed or zero id fails and changes nothing.
Verdict removing_nothing_fails(const Trace& trace) {
  const Hearing& hearing = trace.facts.of<Hearing>(trace);
  Registry registry(trace);
  const auto removes_nothing = [&](const Call& call) {
    return removes_by_own_handle(call) && registry.nothing_to_remove(hearing, call);
  };
  if (const Call* call = running_with(trace, removes_nothing);
      call && !(call->inside && trace.ending.kind == EndKind::hung))
    return ended_in(trace, *call, "removing id " + std::to_string(call->id) + ", which nobody has, fails");
  bool exercised = false;
  for (const Call& call : trace.calls) {
    if (!call.finished() || !removes_nothing(call)) continue;
    exercised = true;
    if (call.result == 0)
      return breach("removing id " + std::to_string(call.id) + ", which nobody has, fails", "it returned 0",
                    {call.entered, call.returned});
    if (const Verdict lost = lost_by(hearing, call); lost.outcome == Outcome::breach) return lost;
  }
  return exercised_if(exercised);
}

namespace {

// After a remove outside callbacks nothing of the listener's is stamped.
Verdict silent_after(const Trace& trace, const Hearing& hearing, const Listener& listener, const Call& remove) {
  const std::string expected = listener.name + " is not running and never runs again once remove returned 0";
  for (const Heard& heard : hearing.heard(listener)) {
    const Callback& callback = *heard.callback;
    if (callback.entered > remove.returned)
      return breach(expected, "it was entered later", {remove.entered, remove.returned, callback.entered});
    if (callback.left == never && trace.completed())
      return breach(expected, "it was running and never left", {callback.entered, remove.returned});
    if (callback.left > remove.returned && callback.left != never)
      return breach(expected, "it was running and left later", {callback.entered, remove.returned, callback.left});
  }
  return exercised_if(true);
}

// Of concurrent removes exactly one returns 0. (Of those one after the other: EVT-7.)
Verdict one_remove_succeeds(const Hearing& hearing, const Listener& listener) {
  const auto& removes = hearing.removes(listener);
  Stamp closed = never;  // from here on a remove may find the context gone
  for (const Call* destroy : listener.context->destroys)
    if (!destroy->finished() || destroy->result == ret_ok) closed = std::min(closed, destroy->entered);
  const Call* first = nullptr;
  const Call* failed = nullptr;
  bool all_returned = true;
  for (const Call* remove : removes) {
    all_returned &= remove->finished();
    if (!remove->finished()) continue;
    if (remove->result != 0) {
      if (remove->entered > listener.add->returned && remove->returned < closed) failed = remove;
      continue;
    }
    if (first && overlap(*first, *remove))
      return breach("one remove of " + listener.name + " returns 0", "two did",
                    {first->entered, first->returned, remove->returned});
    first = remove;
  }
  if (failed && !first && all_returned)
    return breach("a remove of " + listener.name + " returns 0", "none did",
                  {listener.add->returned, failed->returned});
  return exercised_if(!removes.empty());
}

}  // namespace

// EVT-8: after remove returned 0 outside callbacks the listener is not running and never will again.
Verdict removed_is_silent(const Trace& trace) {
  const Hearing& hearing = trace.facts.of<Hearing>(trace);
  bool exercised = false;
  for (const Listener* listener : hearing.listeners()) {
    const Verdict one = one_remove_succeeds(hearing, *listener);
    if (one.outcome == Outcome::breach) return one;
    exercised |= one.outcome == Outcome::pass;
    for (const Call* remove : hearing.removes(*listener)) {
      if (!remove->finished() || remove->result != 0 || remove->inside) continue;
      const Verdict silent = silent_after(trace, hearing, *listener, *remove);
      if (silent.outcome == Outcome::breach) return silent;
    }
  }
  return exercised_if(exercised);
}

namespace {

// The event being dispatched when a call was made inside its callback: whose it is, and the how manieth of them.
struct InFlight {
  const Request* request = nullptr;
  std::uint64_t ordinal = 0;  // at least
  bool exact = false;
};

InFlight in_flight(const Hearing& hearing, const Call& call) {
  const Callback& around = *call.inside;
  InFlight result{hearing.carried(around), 0, false};
  if (!result.request) return {};
  for (const Heard& heard : hearing.heard(*around.listener))
    result.ordinal += heard.request == result.request && heard.callback->entered <= around.entered;
  result.ordinal = std::min(result.ordinal, result.request->emits);
  result.exact = result.request->emits == 1 || hearing.expects(*around.listener, *result.request);
  return result;
}

bool inside_event_of(const Context* context, const Call& call) {
  return call.inside && call.inside->listener && call.inside->context == context;
}

// At most the event in flight follows, and nothing that was submitted later. (Removed in its own callback, it has heard
// that event.)
Verdict what_follows(const Hearing& hearing, const Listener& listener, const Call& remove, const InFlight& flight) {
  const auto& all = hearing.heard(listener);
  int followers = 0;
  const int most = std::ranges::any_of(all, [&](const Heard& h) { return h.callback == remove.inside; }) ? 0 : 1;
  for (const auto& [callback, request] : all) {
    if (callback->entered < remove.returned) continue;
    const std::vector<Stamp> proof = {remove.inside->entered, remove.entered, remove.returned, callback->entered};
    if (++followers > most)
      return breach("at most the event in flight reaches " + listener.name + " after its removal", "it heard more",
                    proof);
    if (request && request->call->entered > remove.returned)
      return breach(listener.name + " hears nothing that was submitted after its removal",
                    "it heard " + request->name + "'s event", proof);
    if (request && flight.request && request != flight.request)
      return breach(listener.name + " hears nothing after the event in flight, " + flight.request->name + "'s",
                    "it heard " + request->name + "'s event", proof);
  }
  return exercised_if(true);
}

// Removed inside an event's dispatch: that event still comes, once.
Verdict event_in_flight(const Hearing& hearing, const Listener& listener, const Call& remove, const InFlight& flight) {
  if (!flight.request || !hearing.expects(listener, *flight.request)) return exercised_if(true);
  const std::uint64_t count = hearing.count(listener, *flight.request);
  const bool over = hearing.dispatch_is_over(*listener.context, remove.inside->entered, remove.inside->left);
  const auto& heard = hearing.heard(listener);
  const bool kept = std::ranges::all_of(heard, [](const Heard& h) { return h.callback->whole; });
  const bool wrong = (flight.exact && count > flight.ordinal) || (over && kept && count < flight.ordinal);
  if (!wrong) return exercised_if(true);
  Verdict verdict = wrong_count(hearing, listener, *flight.request);
  verdict.expected = listener.name + ", removed inside a callback, still hears the event in flight once";
  verdict.proof.insert(verdict.proof.end(), {remove.entered, remove.returned});
  std::ranges::sort(verdict.proof);
  return verdict;
}

}  // namespace

// EVT-9: inside any callback remove never waits; the event in flight still comes once, and nothing after it.
Verdict removed_inside_callback(const Trace& trace) {
  const auto inside = [](const Call& call) { return removes_by_own_handle(call) && call.inside; };
  if (const Call* call = running_with(trace, inside)) return ended_in(trace, *call, "remove inside a callback returns");
  for (const Callback& callback : trace.callbacks) {
    if (!callback.stalled) continue;
    for (const Call& call : trace.calls)
      if (inside(call) && waited_for(call, callback))
        return breach("remove inside a callback returns without waiting", "it waited for another callback",
                      {callback.entered, call.entered, callback.left, call.returned});
  }
  const Hearing& hearing = trace.facts.of<Hearing>(trace);
  bool exercised = false;
  for (const Listener* listener : hearing.listeners()) {
    for (const Call* remove : hearing.removes(*listener)) {
      if (!remove->inside || !remove->finished() || remove->result != 0) continue;
      exercised = true;
      const bool same = inside_event_of(listener->context, *remove);
      const InFlight flight = same ? in_flight(hearing, *remove) : InFlight{};
      const Verdict after = what_follows(hearing, *listener, *remove, flight);
      if (after.outcome == Outcome::breach) return after;
      const Verdict during = event_in_flight(hearing, *listener, *remove, flight);
      if (during.outcome == Outcome::breach) return during;
    }
  }
  return exercised_if(exercised);
}

// EVT-10: adding inside a callback never deadlocks; the new one hears later events and not the one in flight.
Verdict added_inside_callback(const Trace& trace) {
  const auto adds_inside = [](const Call& call) {
    return call.export_ == Export::add_listener && call.inside && call.misuse == Misuse::none &&
           call.handle_kind == HandleKind::own && call.context && !stale(call);
  };
  if (const Call* call = running_with(trace, adds_inside))
    return ended_in(trace, *call, "add inside a callback returns");
  const Hearing& hearing = trace.facts.of<Hearing>(trace);
  bool exercised = false;
  for (const Listener* listener : hearing.listeners()) {
    if (!adds_inside(*listener->add)) continue;
    exercised = true;
    if (inside_event_of(listener->context, *listener->add)) {
      const InFlight flight = in_flight(hearing, *listener->add);
      if (flight.request && hearing.count(*listener, *flight.request) + flight.ordinal > flight.request->emits) {
        Verdict verdict = wrong_count(hearing, *listener, *flight.request);
        verdict.expected = listener->name + ", added inside a callback, does not hear the event in flight";
        return verdict;
      }
    }
    for (const Request* request : hearing.emissions())
      if (hearing.misses(*listener, *request) && hearing.deaf(*listener))
        return wrong_count(hearing, *listener, *request);
  }
  return exercised_if(exercised);
}

}  // namespace ffi_cts::rules
