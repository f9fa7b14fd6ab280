#include "harness/engine/coverage.hpp"

#include <algorithm>
#include <optional>

namespace ffi_cts {
namespace {

std::optional<CallKind> kind_of(const Call& call) {
  switch (call.export_) {
    case Export::create:
      return CallKind::create;
    case Export::request:
      return CallKind::request;
    case Export::add_listener:
      return CallKind::listen;
    case Export::remove_listener:
      return CallKind::remove;
    case Export::register_host_fn:
      return call.host_function && call.host_function->unregisters ? CallKind::unregister : CallKind::reg;
    case Export::host_complete:
      return CallKind::complete;
    case Export::destroy:
      return CallKind::destroy;
    case Export::none:
      break;
  }
  return std::nullopt;
}

// Where host threads were made for the program, A is none that was there before.
OnThread thread_of(const Trace& trace, const Call& call) {
  if (call.thread >= max_threads) return OnThread::library;
  return call.thread == 0 && !trace.fresh_threads ? OnThread::main : OnThread::other;
}

// A destroy that fails inside a callback was refused: the context is as it was.
bool closes(const Call& destroy) {
  return !destroy.inside || (destroy.finished() && destroy.result == ret_ok);
}

LifeState state_of(const Call& call) {
  const Context* context = call.context;
  if (!context || call.export_ == Export::create) return LifeState::no_context;
  if (destroyed_before(*context, call)) return LifeState::destroyed;
  for (const Call* destroy : context->destroys)
    if (destroy->entered < call.entered && closes(*destroy)) return LifeState::closing;
  const Callback* constructor = context->constructor();
  if (!constructor || constructor->entered > call.entered) return LifeState::constructing;
  return constructor->code == ret_ok ? LifeState::live : LifeState::closing;
}

// What a library with this interface file lets a host do.
struct Possible {
  explicit Possible(const Interface& interface) {
    auto has = [&](RoleName role) { return interface.role(role) != nullptr; };
    bool events = interface.has_events() && !interface.remove_event_listener.empty();
    bool host_calls = interface.contract.host_calls && !interface.register_host_fn.empty() &&
                      !interface.host_complete.empty() && has(RoleName::call_host);
    kinds = {CallKind::create, CallKind::request};
    if (events) kinds.insert(kinds.end(), {CallKind::listen, CallKind::remove});
    if (host_calls) kinds.insert(kinds.end(), {CallKind::reg, CallKind::unregister, CallKind::complete});
    kinds.push_back(CallKind::destroy);
    callbacks = {MadeIn::constructor, MadeIn::reply};
    if (has(RoleName::progress)) callbacks.push_back(MadeIn::progress);
    if (events && has(RoleName::emit)) callbacks.push_back(MadeIn::event);
    if (host_calls) callbacks.push_back(MadeIn::host_function);
    slow_constructor = has(RoleName::create_slow);
    failing_constructor = has(RoleName::create_fail);
    several_contexts = !interface.contract.max_contexts || *interface.contract.max_contexts > 1;
  }

  // A constructor that is quick is over by chance only; inside a callback it must be another context's.
  bool constructing(MadeIn place) const {
    return slow_constructor && (place == MadeIn::no_callback || several_contexts);
  }
  // The constructor's callback of a context that closes is one of RET_ERR, unless the context is another one.
  bool closing(MadeIn place) const { return place != MadeIn::constructor || failing_constructor || several_contexts; }

  std::vector<CallKind> kinds;
  std::vector<MadeIn> callbacks;
  bool slow_constructor = false, failing_constructor = false, several_contexts = false;
};

void add_goals(std::vector<CoverageCell>& goals, const Possible& possible, MadeIn place, OnThread thread) {
  for (CallKind kind : possible.kinds) {
    if (kind == CallKind::create) {
      goals.push_back({kind, place, thread, LifeState::no_context});
      continue;
    }
    if (possible.constructing(place)) goals.push_back({kind, place, thread, LifeState::constructing});
    goals.push_back({kind, place, thread, LifeState::live});
    if (possible.closing(place)) goals.push_back({kind, place, thread, LifeState::closing});
    // A host makes no call with a destroyed handle (OBL-5). That every export refuses one (END-5) is tried all the
    // same, outside callbacks.
    if (place == MadeIn::no_callback) goals.push_back({kind, place, thread, LifeState::destroyed});
  }
}

}  // namespace

MadeIn place_of(const Callback* callback) {
  if (!callback) return MadeIn::no_callback;
  if (callback->listener) return MadeIn::event;
  if (callback->host_function) return MadeIn::host_function;
  if (callback->constructed) return MadeIn::constructor;
  return callback->terminal() ? MadeIn::reply : MadeIn::progress;
}

std::string_view to_string(CallKind kind) {
  constexpr std::array<std::string_view, call_kind_count> words = {"create",   "request",    "listen",   "remove",
                                                                   "register", "unregister", "complete", "destroy"};
  return words[static_cast<std::size_t>(kind)];
}

std::string_view to_string(MadeIn place) {
  constexpr std::array<std::string_view, made_in_count> words = {"no callback", "constructor", "reply",
                                                                 "progress",    "event",       "host function"};
  return words[static_cast<std::size_t>(place)];
}

std::string_view to_string(OnThread thread) {
  constexpr std::array<std::string_view, on_thread_count> words = {"main", "other", "library"};
  return words[static_cast<std::size_t>(thread)];
}

std::string_view to_string(LifeState state) {
  constexpr std::array<std::string_view, life_state_count> words = {"no context", "constructing", "live", "closing",
                                                                    "destroyed"};
  return words[static_cast<std::size_t>(state)];
}

std::size_t Coverage::index(const CoverageCell& cell) {
  std::size_t at = static_cast<std::size_t>(cell.kind);
  at = at * made_in_count + static_cast<std::size_t>(cell.place);
  at = at * on_thread_count + static_cast<std::size_t>(cell.thread);
  return at * life_state_count + static_cast<std::size_t>(cell.state);
}

void Coverage::count(const Trace& trace) {
  for (const Call& call : trace.calls) {
    auto kind = kind_of(call);
    if (!kind || call.step == 0) continue;
    ++counts_[index({*kind, place_of(call.inside), thread_of(trace, call), state_of(call)})];
  }
}

std::vector<CoverageCell> coverage_goals(const Interface& interface) {
  std::vector<CoverageCell> goals;
  if (!interface.role(RoleName::create)) return goals;
  Possible possible(interface);
  for (OnThread thread : {OnThread::main, OnThread::other}) add_goals(goals, possible, MadeIn::no_callback, thread);
  // Callbacks come from the library's threads.
  for (MadeIn place : possible.callbacks) add_goals(goals, possible, place, OnThread::library);
  std::sort(goals.begin(), goals.end());
  return goals;
}

std::vector<CoverageCell> unreached(const Coverage& coverage, const std::vector<CoverageCell>& goals) {
  std::vector<CoverageCell> out;
  for (const CoverageCell& goal : goals)
    if (coverage[goal] == 0) out.push_back(goal);
  return out;
}

}  // namespace ffi_cts
