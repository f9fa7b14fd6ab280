#include "conformance/rules/hearing.hpp"

#include "harness/interface/template.hpp"

#include <algorithm>

namespace ffi_cts::rules {

Stamp first_destroy(const Context& context) {
  Stamp first = never;
  for (const Call* destroy : context.destroys) first = std::min(first, destroy->entered);
  return first;
}

bool is_destroy(const Call& call) {
  return call.export_ == Export::destroy && call.handle_kind == HandleKind::own && call.context &&
         call.context->handle != 0 && !stale(call);
}

bool inside_own_callback(const Call& destroy) {
  for (const Callback* around = destroy.inside; around; around = around->inside)
    if (around->context == destroy.context) return true;
  return false;
}

bool outside_everything(const Trace& trace, const Call& call) {
  return !call.inside && std::ranges::none_of(trace.callbacks, [&](const Callback& c) {
    return c.refusal && c.thread == call.thread && c.entered < call.entered && c.left > call.entered;
  });
}

namespace {

template <typename Fits>
bool any_callback(const Context& context, Fits fits) {
  const auto among = [&](const auto& objects) {
    return std::ranges::any_of(objects,
                               [&](const auto* object) { return std::ranges::any_of(object->callbacks, fits); });
  };
  return std::ranges::any_of(context.callbacks, fits) || among(context.requests) || among(context.listeners) ||
         std::ranges::any_of(context.host_calls, [&](const HostCall* call) { return fits(call->callback); });
}

}  // namespace

bool another_destroy(const Call& destroy, bool before_too) {
  return std::ranges::any_of(destroy.context->destroys, [&](const Call* other) {
    if (other == &destroy || inside_own_callback(*other)) return false;
    return overlap(*other, destroy) || (before_too && other->returned < destroy.entered);
  });
}

bool loop_was_blocked(const Call& destroy) {
  const Context* context = destroy.context;
  const Callback* constructor = context->constructor();
  if (may_be_slow(*context) && !(constructor && constructor->entered < destroy.entered)) return true;
  const auto running_at = [](const Callback& c, Stamp at) {
    return c.entered < at && (c.left > at || c.left == never);
  };
  const auto blocks = [&](const Callback* c) {
    return !c->refusal && (running_at(*c, destroy.entered) || running_at(*c, destroy.returned));
  };
  const auto busy = [&](const Request* request) {
    constexpr std::uint64_t burst = 1000;  // emitting so many takes its time
    const bool long_running = may_block(*request) || request->emits >= burst;
    const Callback* reply = request->reply();
    return long_running && request->call->entered < destroy.returned && !(reply && reply->entered < destroy.entered);
  };
  return any_callback(*context, blocks) || std::ranges::any_of(context->requests, busy);
}

const Call* fails_later(const Trace& trace, const Call& destroy) {
  for (const Call* later : destroy.context->destroys) {
    if (later->entered < destroy.returned || !later->finished() || stale(*later)) continue;
    if (later->result == ret_ok) return nullptr;
    if (another_destroy(*later, false) || loop_was_blocked(*later) || !outside_everything(trace, *later)) continue;
    return later;
  }
  return nullptr;
}

std::uint64_t generous_limit_ns(const Trace& trace) {
  const auto limit_ms = static_cast<std::uint64_t>(std::max(0, trace.contract.destroy_limit_ms));
  return (2 * limit_ms + 1000) * 1'000'000;
}

namespace {

// Something of the host's or a blocking handler may have kept the library from going on when this wait ended.
bool held_up(const Trace& trace, const Wait& wait) {
  const auto running = [&](const Callback& c) { return !c.refusal && c.entered < wait.over && c.left > wait.over; };
  const auto blocking = [&](const Request& r) {
    return may_block(r) && r.call->entered < wait.over && (!r.reply() || r.reply()->entered > wait.over);
  };
  return std::ranges::any_of(trace.callbacks, running) || std::ranges::any_of(trace.requests, blocking);
}

bool names_match(const Listener& listener, const Request& request, const Contract& contract) {
  if (listener.wildcard() || listener.event.empty()) return contract.wildcard;
  return listener.event == request.event;
}

}  // namespace

Verdict Found::verdict(const Trace& trace) const {
  if (decided) return exercised_if(true);
  if (open && !trace.completed()) return undecidable("the program was cut off");
  return exercised_if(false);
}

Hearing::Hearing(const Trace& trace) : trace_(trace) {
  for (const Request& request : trace.requests) {
    const bool told = request.role == RoleName::emit && request.misuse == Misuse::none && request.identifiable;
    if (!told || !request.context || request.call->handle_kind != HandleKind::own || stale(*request.call)) continue;
    emissions_.push_back(&request);
    scenes_[request.context].emissions.push_back(&request);
  }
  for (const Wait& wait : trace.waits)
    if (wait.given_up && !held_up(trace, wait)) silences_.push_back(wait);
  for (const Callback& callback : trace.callbacks)
    if (const Request* request = recognise(callback)) carried_[&callback] = request;
  for (const Listener& listener : trace.listeners) {
    const bool known = listener.context && listener.add->handle_kind == HandleKind::own && listener.added();
    if (!known || stale(*listener.add)) continue;
    listeners_.push_back(&listener);
  }
  find_removes();
  for (const Listener& listener : trace.listeners)
    if (listener.shares_function && listener.context)
      for (const Callback* callback : listener.callbacks) shared_[listener.context][callback->user_data].push_back(callback);
  for (const Listener* listener : listeners_) listen(*listener);
  for (const Context& context : trace.contexts)
    scenes_[&context].silence = silence_before(first_destroy(context)).begun;
}

void Hearing::find_removes() {
  std::unordered_map<const Context*, std::unordered_map<std::uint64_t, std::vector<const Call*>>> removes;
  for (const Call& call : trace_.calls) {
    if (call.export_ != Export::remove_listener || call.handle_kind != HandleKind::own || !call.context) continue;
    removes[call.context][call.id].push_back(&call);
  }
  for (const Listener* listener : listeners_) {
    Ear& ear = ears_[listener];
    for (const Call* call : removes[listener->context][listener->id])
      if (call->returned > listener->add->entered && !stale(*call)) ear.removes.push_back(call);
  }
}

const Request* Hearing::recognise(const Callback& callback) {
  if (!callback.listener || !callback.value || callback.code != ret_ok) return nullptr;
  const auto found = scenes_.find(callback.context);
  if (found == scenes_.end()) return nullptr;
  Scene& scene = found->second;
  for (std::size_t i = 0; i < scene.emissions.size(); ++i) {
    const std::size_t at = (scene.last + i) % scene.emissions.size();
    if (!trace_.carries(callback, *scene.emissions[at])) continue;
    scene.last = at;
    return scene.emissions[at];
  }
  return nullptr;
}

void Hearing::listen(const Listener& listener) {
  Ear& ear = ears_[&listener];
  const auto take = [&](const Callback& callback) {
    const Request* request = carried(callback);
    ear.heard.push_back({&callback, request});
    ear.blurred |= !callback.whole;
    if (request) ++ear.counts[request];
  };
  if (!listener.shares_function) {
    for (const Callback* callback : listener.callbacks) take(*callback);
  } else {
    for (const Callback* callback : shared_[listener.context][listener.user_data]) take(*callback);
    std::ranges::sort(ear.heard, {}, [](const Heard& heard) { return heard.callback->entered; });
  }
  const Stamp destroyed = first_destroy(*listener.context);
  ear.limit = destroyed;
  for (const Call* remove : ear.removes) ear.limit = std::min(ear.limit, remove->entered);
  const Wait silent = silence_before(ear.limit);
  ear.due_before = silent.begun;
  ear.due_at = silent.over;
  Scene& scene = scenes_[listener.context];
  for (const Heard& heard : ear.heard) {
    if (!heard.request) continue;
    const Stamp submitted = heard.request->call->entered;
    if (heard.callback->entered < ear.limit && submitted > ear.due_before) {
      ear.due_before = submitted;
      ear.due_at = heard.callback->entered;
    }
    if (heard.callback->entered < destroyed) scene.sentinel = std::max(scene.sentinel, submitted);
  }
}

Wait Hearing::silence_before(Stamp limit) const {
  Wait latest{0, 0, 0, true};
  for (const Wait& wait : silences_)
    if (wait.over < limit && wait.begun > latest.begun) latest = wait;
  return latest;
}

const Hearing::Ear& Hearing::ear(const Listener& listener) const {
  static const Ear deaf;
  const auto found = ears_.find(&listener);
  return found == ears_.end() ? deaf : found->second;
}

std::uint64_t Hearing::count(const Listener& listener, const Request& request) const {
  const auto& counts = ear(listener).counts;
  const auto found = counts.find(&request);
  return found == counts.end() ? 0 : found->second;
}

const Request* Hearing::carried(const Callback& callback) const {
  const auto found = carried_.find(&callback);
  return found == carried_.end() ? nullptr : found->second;
}

bool Hearing::addressed(const Listener& listener, const Request& request) const {
  return listener.context == request.context && names_match(listener, request, trace_.contract);
}

bool Hearing::expects(const Listener& listener, const Request& request) const {
  return addressed(listener, request) && listener.added() && listener.add->returned < request.call->entered;
}

bool Hearing::due_since(const Listener& listener, Stamp reply) const {
  const Ear& own = ear(listener);
  return !own.blurred && reply < own.due_before;
}

bool Hearing::must_hear(const Listener& listener, const Request& request) const {
  const Callback* reply = request.accepted() ? request.reply() : nullptr;
  return reply && reply->code == ret_ok && expects(listener, request) && due_since(listener, reply->entered);
}

bool Hearing::deaf(const Listener& listener) const {
  bool due = false;
  for (const Request* request : emissions_) {
    if (request->emits == 0 || !must_hear(listener, *request)) continue;
    if (count(listener, *request) > 0) return false;
    due = true;
  }
  return due;
}

bool Hearing::dispatch_is_over(const Context& context, Stamp entered, Stamp left) const {
  const auto found = scenes_.find(&context);
  return found != scenes_.end() && (entered < found->second.sentinel || left < found->second.silence);
}

bool must_be_added(const Trace& trace, const Listener& listener) {
  const bool plain = listener.name_kind == NameKind::event || (listener.wildcard() && trace.contract.wildcard);
  constexpr std::size_t promised = 10'000;  // EVT-19
  return plain && listener.add->misuse == Misuse::none && live_during(*listener.add) &&
         listener.context->listeners.size() <= promised;
}

Verdict wrong_count(const Hearing& hearing, const Listener& listener, const Request& request) {
  std::vector<Stamp> proof = {listener.add->entered, request.call->entered};
  if (const Callback* reply = request.reply()) proof.push_back(reply->entered);
  constexpr std::size_t enough = 12;
  for (const Heard& heard : hearing.heard(listener))
    if (heard.request == &request && proof.size() < enough) proof.push_back(heard.callback->entered);
  if (hearing.misses(listener, request)) proof.push_back(hearing.decided_at(listener));
  std::ranges::sort(proof);
  const std::string what =
      request.emits == 1 ? "the event" : "each of the " + std::to_string(request.emits) + " events";
  const std::uint64_t count = hearing.count(listener, request);
  return breach(listener.name + " hears " + what + " of " + request.name + " once",
                count == 0 ? "it heard nothing of " + request.name : "it heard " + std::to_string(count),
                std::move(proof));
}

bool stray_hears(const Trace& trace, const Callback& callback) {
  if (callback.entry != Entry::stray) return false;
  if (callback.code == ret_err)
    return std::ranges::any_of(trace.requests, [&](const Request& request) { return request.role == RoleName::emit_fail && request.call->entered < callback.entered; });
  if (!callback.value) return false;
  const Value* type = callback.value->find("eventType");
  const Value* payload = callback.value->find("payload");
  if (!type || !type->text() || !payload) return false;
  return std::ranges::any_of(trace.requests, [&](const Request& request) {
    return request.identifiable && request.event_payload && *type->text() == request.event && !mismatch(*request.event_payload, *payload);
  });
}

bool churned(const Trace& trace, const Request& request) {
  const Callback* reply = request.reply();
  const Stamp over = reply ? reply->entered : never;
  return std::ranges::any_of(trace.calls, [&](const Call& call) {
    const bool churn = call.export_ == Export::add_listener || call.export_ == Export::remove_listener;
    return churn && call.context == request.context && call.handle_kind == HandleKind::own && !call.inside &&
           call.thread != request.call->thread && call.entered < over && call.returned > request.call->entered;
  });
}

}  // namespace ffi_cts::rules
