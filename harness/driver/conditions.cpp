// Names, conditions and waiting: what a step means by then, and when it may go on.
#include "harness/driver/driver.hpp"
#include "harness/program/payload.hpp"

namespace ffi_cts {
namespace {

// The patience with what may never end (0: there is no limit).
bool is_over(std::uint64_t patience_ns) { return patience_ns != 0 && now_ns() > patience_ns; }

}  // namespace

Definition* Driver::definition(Ref ref) {
  auto& table = definitions_[static_cast<std::size_t>(ref.kind) % definitions_.size()];
  if (ref.kind == ObjectKind::none || ref.kind == ObjectKind::all || static_cast<std::size_t>(ref.number) >= table.size()) return nullptr;
  return &table[static_cast<std::size_t>(ref.number)];
}

int Driver::define(const Step& step, int instance) {
  Definition* definition = this->definition(step.defines);
  if (!definition) return -1;
  std::uint32_t n = definition->count++;
  definition->made[std::min<std::size_t>(n, definition->made.size() - 1)] = instance + 1;
  return static_cast<int>(n);
}

// The k-th instance of a name, or the latest. A top-level step waits until the name's own step is over; inside a callback
// nothing is waited for.
int Driver::instance(Ref ref, std::uint32_t k, Where where) {
  Definition* definition = this->definition(ref);
  if (!definition || !definition->step) return -1;
  if (!where.in_callback) waits_.until([&] { return static_cast<bool>(definition->settled); });
  std::uint32_t made = std::min<std::uint32_t>(definition->count, static_cast<std::uint32_t>(definition->made.size()));
  if (made == 0) return -1;
  return definition->made[std::min(k, made - 1)] - 1;
}

Driver::Target Driver::target(const Step& step, std::uint32_t k, Where where) {
  switch (step.handle) {
    case HandleKind::null: return {true, nullptr, -1};
    case HandleKind::small: return {true, reinterpret_cast<void*>(3), -1};
    case HandleKind::odd: return {true, const_cast<char*>(static_cast<const char*>(noise_) + 13), -1};
    case HandleKind::unmapped: return {true, const_cast<void*>(unmapped_), -1};
    case HandleKind::zeros: return {true, const_cast<void*>(zeros_), -1};
    case HandleKind::noise: return {true, const_cast<void*>(noise_), -1};
    case HandleKind::own:
    case HandleKind::dead:
    case HandleKind::other: break;
  }
  int context = instance({ObjectKind::context, step.context}, k, where);
  if (context < 0) return {};
  if (step.handle == HandleKind::other) return another_handle(context);
  ContextState& state = objects_.contexts[context];
  if (!where.in_callback) waits_.until([&] { return static_cast<bool>(state.returned); });
  return handle_of(context, step.handle);
}

// NULL returned: nothing is owned. And a host makes no call after destroy returned RET_OK (OBL-5), unless told to.
Driver::Target Driver::handle_of(int context, HandleKind kind) {
  if (context < 0) return {};
  ContextState& state = objects_.contexts[context];
  if (!state.returned || !state.handle || state.destroyed != (kind == HandleKind::dead)) return {};
  return {true, state.handle, context};
}

Driver::Target Driver::another_handle(int context) {
  for (std::uint32_t i = 0; i < objects_.contexts.size(); ++i)
    if (static_cast<int>(i) != context)
      if (Target other = handle_of(static_cast<int>(i), HandleKind::own); other.ok) return other;
  return {};
}

int Driver::call_context(int host_call) { return objects_.host_functions[objects_.host_calls[host_call].host_function].context; }

// Inside a host function, its own name means the very call.
int Driver::host_call_of(const Step& step, std::uint32_t k, Where where) {
  if (where.host_call >= 0 && where.owner && where.owner->defines == step.object) return where.host_call;
  constexpr std::uint32_t latest = ~0u;  // of a step that registers several times
  int function = instance(step.object, latest, where);
  if (function < 0) return -1;
  int found = -1;
  int context = objects_.host_functions[function].context;
  auto arrived = [&] {
    for (std::uint32_t i = 0; i < objects_.host_calls.size() && found < 0; ++i) {
      HostCallState& call = objects_.host_calls[static_cast<int>(i)];
      if (call.ready && call.host_function == function && call.index == static_cast<int>(step.index + k)) found = static_cast<int>(i);
    }
    return found >= 0;
  };
  if (!arrived() && !where.in_callback) pending(where, context, false, &step, [&] { waits_.until([&] { return arrived() || no_call_to_come(context); }); });
  return found;
}

Value Driver::ctor_value(int context) {
  if (context < 0) return {};
  const Step* step = objects_.contexts[context].step;
  return request_value(interface_, *step, arguments_of(interface_, *step, context, {})).value_or(Value{});
}

bool Driver::object_ready(const Step& wait, int instance) {
  if (wait.count == 0) return true;  // its step is over
  auto gone = [&](int context) { return context >= 0 && objects_.contexts[context].destroyed; };
  switch (wait.object.kind) {
    case ObjectKind::context: {
      ContextState& state = objects_.contexts[instance];
      return state.returned && (!state.handle || state.constructed || overdue(instance));
    }
    case ObjectKind::request: {
      RequestState& state = objects_.requests[instance];
      const bool impatient = is_over(state.patience_ns) || overdue(state.context);
      return state.answered || (state.returned && (state.refused || impatient)) || gone(state.context);
    }
    case ObjectKind::listener: {
      ListenerState& state = objects_.listeners[instance];
      return state.returned && (state.id == 0 || state.heard >= wait.count || gone(state.context));
    }
    case ObjectKind::host_function: {
      HostFunctionState& state = objects_.host_functions[instance];
      return state.calls >= wait.count || gone(state.context);
    }
    case ObjectKind::none:
    case ObjectKind::all: break;
  }
  return true;
}

// Does what a wait step waits for hold? Looked at by the waiting thread and by parked callbacks.
bool Driver::holds(const Step& wait) {
  const bool answers = wait.object.kind == ObjectKind::all || wait.object.kind == ObjectKind::request;
  if (!answers) return holds_now(wait);
  // The latest answer of a chain is not its last, and the next may come and go while we look.
  const std::uint64_t begun = links_begun_;
  return links_ <= 0 && holds_now(wait) && links_begun_ == begun;
}

bool Driver::holds_now(const Step& wait) {
  if (wait.object.kind == ObjectKind::all) return all_answered(-1);
  Definition* definition = this->definition(wait.object);
  if (!definition || !definition->step) return true;
  if (!definition->settled) return false;
  std::size_t made = std::min<std::size_t>(definition->count, definition->made.size());
  for (std::size_t i = 0; i < made; ++i)
    if (!object_ready(wait, definition->made[i] - 1)) return false;
  return true;
}

// What a handler does with arguments that no role made is not known: its answer may never come by itself. It is waited for
// until then, and what awaits such a constructor alike; afterwards it is the destroy that ends it.
std::uint64_t Driver::some_patience() {
  constexpr std::uint64_t patience_ns = 100'000'000;
  impatient_ = true;
  return now_ns() + patience_ns;
}

// The next time at which a wait may be over although nothing moved; 0: there is none.
std::uint64_t Driver::patience_ends() {
  std::uint64_t next = 0;
  if (!impatient_) return next;
  const std::uint64_t now = now_ns();
  const auto consider = [&](std::uint64_t at) {
    if (at > now && (next == 0 || at < next)) next = at;
  };
  for (std::uint32_t i = 0; i < objects_.contexts.size(); ++i)
    if (!objects_.contexts[static_cast<int>(i)].constructed) consider(objects_.contexts[static_cast<int>(i)].patience_ns);
  for (std::uint32_t i = 0; i < objects_.requests.size(); ++i)
    if (!objects_.requests[static_cast<int>(i)].answered) consider(objects_.requests[static_cast<int>(i)].patience_ns);
  return next ? next + 1 : 0;
}

bool Driver::overdue(int context) {
  if (context < 0 || !impatient_) return false;
  ContextState& state = objects_.contexts[context];
  return !state.constructed && is_over(state.patience_ns);
}

// Of one context, or of all (-1).
bool Driver::all_answered(int only) {
  for (std::uint32_t i = 0; i < objects_.contexts.size(); ++i) {
    ContextState& state = objects_.contexts[static_cast<int>(i)];
    if (only >= 0 && only != static_cast<int>(i)) continue;
    if (state.returned && state.handle && !state.constructed && !state.destroyed && !overdue(static_cast<int>(i))) return false;
  }
  for (std::uint32_t i = 0; i < objects_.requests.size(); ++i) {
    RequestState& state = objects_.requests[static_cast<int>(i)];
    int context = state.context;
    if (only >= 0 && only != context) continue;
    bool gone = context < 0 || objects_.contexts[context].destroyed;
    if (!state.returned || state.refused || state.answered || gone) continue;
    if (!is_over(state.patience_ns) && !overdue(context)) return false;
  }
  return true;
}

// Nothing of that context is unanswered but what awaits an open host call: no other can be on its way.
bool Driver::no_call_to_come(int context) {
  int unanswered = 0;
  for (std::uint32_t i = 0; i < objects_.requests.size(); ++i) {
    RequestState& state = objects_.requests[static_cast<int>(i)];
    unanswered += state.context == context && state.returned && !state.refused && !state.answered;
  }
  for (std::uint32_t i = 0; i < objects_.host_calls.size(); ++i) {
    HostCallState& call = objects_.host_calls[static_cast<int>(i)];
    unanswered -= call.left && !call.completed && call_context(static_cast<int>(i)) == context;
  }
  ContextState& state = objects_.contexts[context];
  return state.destroyed || (unanswered <= 0 && (state.constructed || !state.handle));
}

bool Driver::open_call_exists() {
  for (std::uint32_t i = 0; i < objects_.host_calls.size(); ++i) {
    HostCallState& call = objects_.host_calls[static_cast<int>(i)];
    if (!call.left || call.completed) continue;
    int context = objects_.host_functions[call.host_function].context;
    if (context >= 0 && !objects_.contexts[context].destroyed) return true;
  }
  return false;
}

// The context whose loop a wait may wait for; -1: every one's.
int Driver::context_of(const Step& wait, Where where) {
  int instance = wait.object.kind == ObjectKind::all ? -1 : this->instance(wait.object, 0, where);
  if (instance < 0) return -1;
  switch (wait.object.kind) {
    case ObjectKind::context: return instance;
    case ObjectKind::request: return objects_.requests[instance].context;
    case ObjectKind::listener: return objects_.listeners[instance].context;
    case ObjectKind::host_function: return objects_.host_functions[instance].context;
    default: return -1;
  }
}

// What a program started has an end of its own before the teardown: a request that is destroyed in flight is one that a
// destroy step overtook, not one that the driver was too quick for.
void Driver::finish() {
  if (!holds(all_)) wait(all_, {.thread = 0});
}

// Does what this wait waits for need that open host calls are answered? A call_host does, and so may a constructor; all
// else must come while they are awaited (HST-16).
bool Driver::needs_answers(const Step& wait) {
  if (wait.count == 0) return false;
  const Definition* made = definition(wait.object);
  switch (wait.object.kind) {
    case ObjectKind::request: return made && made->step && (made->step->proc || drawn(made->step->misuse) || made->step->role == RoleName::call_host);
    case ObjectKind::listener:
    case ObjectKind::host_function: return false;
    default: return true;
  }
}

// Host calls that are open by then are answered on the way where that is needed, or the requests that await them would
// never be; where it is not, only when nothing moves any more.
void Driver::wait(const Step& step, Where where) {
  const bool needed = needs_answers(step);
  WaitEnd end = wait_once(step, where, needed);
  if (!needed && end != WaitEnd::held && open_call_exists()) wait_once(step, where, true);
}

WaitEnd Driver::wait_once(const Step& step, Where where, bool answer_calls) {
  std::uint64_t stamp = recorder_.add(RecordKind::wait_begun, where.thread, [&](Record& r) { r.step = step.id; });
  int context = context_of(step, where);
  WaitEnd end = WaitEnd::held;
  do {
    pending(where, context, false, &step, [&] {
      end = waits_.until([&] { return holds(step) || (answer_calls && open_call_exists()); }, [&] { return patience_ends(); });
    });
    if (end == WaitEnd::held && !holds(step)) complete_open_calls(where);
  } while (end == WaitEnd::held && !holds(step));
  const bool starved = end == WaitEnd::given_up_for_certain && !answer_calls && open_call_exists();
  recorder_.add(RecordKind::wait_over, where.thread, [&](Record& r) {
    r.step = step.id;
    r.partner = stamp;
    r.result = starved ? 3 : static_cast<int>(end);
  });
  return end;
}

void Driver::complete_open_calls(Where where) {
  Step answer;
  answer.payload.size = 16;  // enough to tell whose it is
  for (std::uint32_t i = 0; i < objects_.host_calls.size(); ++i) {
    HostCallState& call = objects_.host_calls[static_cast<int>(i)];
    // Also where the library refuses it: once is all that a host owes.
    if (!call.left || call.completed.value.exchange(true, std::memory_order_relaxed)) continue;
    Target to = handle_of(call_context(static_cast<int>(i)), HandleKind::own);
    if (to.ok) complete_call(static_cast<int>(i), to, nullptr, RET_OK, completion_bytes(interface_, registering(static_cast<int>(i)), answer, static_cast<int>(i)), where);
  }
}

// Must a callback that is parked on this context go on?
bool Driver::must_yield(int context, bool hold, int destroys_before) {
  if (open_all_) return true;
  if (hold && context >= 0 && objects_.contexts[context].destroys_returned > destroys_before) return true;
  for (Pending& entry : pending_) {
    if (!entry.active || (entry.context != 0 && entry.context != context + 1)) continue;
    if (hold && entry.destroys) continue;
    const Step* wait = entry.wait;
    if (!wait || wait->verb != Verb::wait || !holds(*wait)) return true;
  }
  return false;
}

void Driver::park(const Step& step, Where where) {
  int before = where.context >= 0 ? static_cast<int>(objects_.contexts[where.context].destroys_returned) : 0;
  bool hold = step.verb == Verb::hold;
  WaitEnd end;
  // A destroy may take its limit to fail: a hold does not go on because the parent grew impatient.
  do end = waits_.until([&] { return must_yield(where.context, hold, before); });
  while (hold && end == WaitEnd::given_up);
  if (end == WaitEnd::given_up_for_certain) {
    park_given_up = 1;
    given_up_at = recorder_.shared()->given_up_at.load(std::memory_order_relaxed);
  }
  // Lingering makes it likelier that a call which should have waited for this callback returns before it. A perturbation:
  // what proves a breach is the order of the stamps.
  timespec linger = {0, static_cast<long>(step.linger_us) * 1000};
  if (step.linger_us) nanosleep(&linger, nullptr);
}

}  // namespace ffi_cts
