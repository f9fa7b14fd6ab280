// Ids, registrations and userData: EVT-1, EVT-2, EVT-3, EVT-13, EVT-15.
#include <algorithm>

#include "conformance/rules/hearing.hpp"

namespace ffi_cts::rules {
namespace {

std::string id_text(const Listener& listener) {
  return listener.name + " got id " + std::to_string(listener.id);
}

}  // namespace

// EVT-1: a listener id is non-zero and unlike every earlier one of the context.
Verdict ids_are_new(const Trace& trace) {
  const Hearing& hearing = trace.facts.of<Hearing>(trace);
  bool exercised = false;
  for (const Listener& listener : trace.listeners) {
    if (!must_be_added(trace, listener)) continue;
    exercised = true;
    if (listener.id == 0)
      return breach("adding " + listener.name + " gives an id that is not 0", "it gave 0",
                    {listener.add->entered, listener.add->returned});
  }
  std::unordered_map<const Context*, std::unordered_map<std::uint64_t, const Listener*>> ids;
  for (const Listener* listener : hearing.listeners()) {
    exercised = true;
    const auto [earlier, fresh] = ids[listener->context].try_emplace(listener->id, listener);
    if (!fresh)
      return breach(listener->name + " gets an id that " + earlier->second->name + " never had", id_text(*listener),
                    {earlier->second->add->returned, listener->add->returned});
  }
  return exercised_if(exercised);
}

// EVT-2: ids grow within a context and are unique in the process.
Verdict ids_grow(const Trace& trace) {
  const Hearing& hearing = trace.facts.of<Hearing>(trace);
  std::unordered_map<std::uint64_t, const Listener*> everywhere;
  std::unordered_map<const Context*, std::vector<const Listener*>> by_return;
  for (const Listener* listener : hearing.listeners()) {
    const auto [earlier, fresh] = everywhere.try_emplace(listener->id, listener);
    if (!fresh)
      return breach(listener->name + " gets an id that no listener of the process had",
                    id_text(*listener) + ", as did " + earlier->second->name,
                    {earlier->second->add->returned, listener->add->returned});
    by_return[listener->context].push_back(listener);
  }
  for (auto& [context, returned] : by_return) {
    auto entered = returned;
    std::ranges::sort(returned, {}, [](const Listener* l) { return l->add->returned; });
    std::ranges::sort(entered, {}, [](const Listener* l) { return l->add->entered; });
    const Listener* highest = nullptr;  // of those added before
    auto next = returned.begin();
    for (const Listener* listener : entered) {
      for (; next != returned.end() && (*next)->add->returned < listener->add->entered; ++next)
        if (!highest || (*next)->id > highest->id) highest = *next;
      if (highest && listener->id < highest->id)
        return breach(listener->name + " gets a higher id than " + highest->name,
                      id_text(*listener) + ", " + id_text(*highest), {highest->add->returned, listener->add->returned});
    }
  }
  return exercised_if(everywhere.size() > 1);
}

// EVT-3: a NULL callback gets 0 and registers nothing.
Verdict null_callback_gets_no_id(const Trace& trace) {
  const auto without_callback = [](const Call& call) {
    return call.export_ == Export::add_listener && call.misuse == Misuse::null_callback &&
           call.handle_kind == HandleKind::own && call.context && !stale(call);
  };
  // With the NULL name it may be either that is too much: EVT-14's, which also shows with a callback.
  const auto with_a_name = [&](const Call& call) {
    return without_callback(call) && call.listener && call.listener->name_kind != NameKind::null;
  };
  if (const Call* call = running_with(trace, with_a_name))
    return ended_in(trace, *call, "adding a NULL callback returns 0");
  bool exercised = false;
  for (const Call& call : trace.calls) {
    if (!without_callback(call) || !call.finished()) continue;
    exercised = true;
    if (call.result != 0)
      return breach("adding a NULL callback returns 0", "it gave id " + std::to_string(call.result),
                    {call.entered, call.returned});
  }
  return exercised_if(exercised);
}

// EVT-13: two registrations of one callback are two listeners.
Verdict one_callback_twice_is_two_listeners(const Trace& trace) {
  const Hearing& hearing = trace.facts.of<Hearing>(trace);
  Found found;
  constexpr std::size_t few = 1000;  // beyond them a refusal is EVT-19's
  for (const Listener& listener : trace.listeners)
    if (listener.shares_function && listener.id == 0 && must_be_added(trace, listener) &&
        listener.context->listeners.size() <= few)
      return breach("adding a callback a second time gives an id", "it gave 0",
                    {listener.add->entered, listener.add->returned});
  std::unordered_map<const Context*, std::unordered_map<std::uint64_t, const Listener*>> ids;
  for (const Listener* listener : hearing.listeners()) {
    if (!listener->shares_function) continue;
    const auto [earlier, fresh] = ids[listener->context].try_emplace(listener->id, listener);
    if (!fresh)
      return breach(listener->name + " is a listener of its own",
                    id_text(*listener) + ", as did " + earlier->second->name,
                    {earlier->second->add->returned, listener->add->returned});
    for (const Request* request : hearing.emissions()) {
      if (hearing.misses(*listener, *request) && hearing.deaf(*listener) && !churned(trace, *request))
        return wrong_count(hearing, *listener, *request);
      found.decided |= hearing.addressed(*listener, *request) && hearing.count(*listener, *request) > 0;
      found.open |= hearing.expects(*listener, *request);
    }
  }
  return found.verdict(trace);
}

// EVT-15: userData comes back as given.
Verdict listeners_get_their_user_data(const Trace& trace) {
  bool exercised = false;
  for (const Callback& callback : trace.callbacks) {
    const Listener* listener = callback.listener;
    if (!listener) continue;
    exercised = true;
    bool own = callback.user_data == callback.expected_user_data;
    if (!own && listener->shares_function && listener->context)
      own = std::ranges::any_of(listener->context->listeners, [&](const Listener* other) {
        return other->shares_function && other->user_data == callback.user_data;
      });
    if (!own)
      return breach(listener->name + " is called with the userData that it was added with", "with another",
                    {listener->add->entered, callback.entered});
  }
  return exercised_if(exercised);
}

}  // namespace ffi_cts::rules
