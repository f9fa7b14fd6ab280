// What callbacks do, and the calls that come last because a host should not make them.
#include "harness/generate/builder.hpp"

namespace ffi_cts {

std::vector<Step> Builder::body(int own, int listener) {
  std::vector<Step> out;
  if (!own || dice_.chance(0.3)) return out;
  if (on(Feature::park) && dice_.chance(0.25)) {
    Step step;
    step.verb = on(Feature::hold) && dice_.chance(0.3) ? Verb::hold : Verb::park;
    step.linger_us = dice_.chance(0.5) ? 0 : dice_.below(400);
    out.push_back(step);
  }
  std::uint32_t steps = 1 + dice_.below(2);
  for (std::uint32_t i = 0; i < steps; ++i) nested(out, own, listener);
  return out;
}

void Builder::nested(std::vector<Step>& out, int own, int listener) {
  std::vector<int> kinds;
  for (Feature f : {Feature::nested_request, Feature::nested_listen, Feature::nested_remove, Feature::nested_destroy, Feature::nested_complete,
                    Feature::nested_register, Feature::nested_unregister, Feature::nested_create})
    if (on(f)) kinds.push_back(static_cast<int>(f));
  if (kinds.empty()) return;
  int at = dice_.chance(0.75) ? own : context();
  Step step;
  const auto kind = static_cast<Feature>(dice_.pick(kinds));
  switch (kind) {
    case Feature::nested_request:
      step.verb = Verb::request;
      step.defines = {ObjectKind::request, ++requests_};
      step.context = at;
      step.role = roles_.empty() ? RoleName::echo : dice_.pick(roles_);
      step.payload = {12 + dice_.below(8), dice_.below(1000)};
      break;
    case Feature::nested_listen:
      if (!interface_.has_events()) return;
      step.verb = Verb::listen;
      step.defines = {ObjectKind::listener, ++listeners_};
      step.context = at;
      step.role = RoleName::emit;
      break;
    case Feature::nested_remove:
      step.verb = Verb::remove;
      step.object = listener && dice_.chance(0.6) ? Ref{ObjectKind::listener, listener} : any(ObjectKind::listener, listeners_);
      if (!step.object) return;
      if (step.object.number == hopeful_listener_) hopeful_listener_ = hopeful_ = 0;
      break;
    case Feature::nested_destroy:
      step.verb = Verb::destroy;
      step.context = at;
      break;
    case Feature::nested_complete:
      if (interface_.host_complete.empty() || host_functions_ == 0) return;
      step = complete();
      break;
    case Feature::nested_register:
    case Feature::nested_unregister:
      if (interface_.register_host_fn.empty()) return;
      step = kind == Feature::nested_register ? reg(at) : unregister(at);
      break;
    default:
      if (contexts_ > 4 || tuning_.few_contexts) return;
      step.verb = Verb::create;
      step.defines = {ObjectKind::context, ++contexts_};
      break;
  }
  out.push_back(std::move(step));
}

// Calls with a handle that has been destroyed. They break the host's own obligations, so they come last.
void Builder::dead_handles() {
  const bool calls = on(Feature::call_host), replaced = dice_.chance(0.4);
  if (calls && dice_.chance(0.7)) pending_call_of(1);
  Step gone = destroy();
  gone.handle = HandleKind::own;
  gone.context = 1;
  add(gone);
  if (replaced) add(create());
  if (replaced && calls && dice_.chance(0.7)) pending_call_of(contexts_);
  for (std::uint32_t i = 0, n = 1 + dice_.below(3); i < n; ++i) {
    Step step = dead_step();
    step.handle = HandleKind::dead;
    if (!step.object) step.context = 1;
    step.body.clear();
    add(step);
  }
}

Step Builder::dead_step() {
  switch (dice_.below(on(Feature::call_host) ? 7 : 4)) {
    case 0: return interface_.has_events() ? listen() : request();
    case 1: return destroy();
    case 2: return listeners_ ? remove() : request();
    case 4: return host_functions_ ? complete() : request();
    case 5: return host_functions_ ? complete() : reg(1);
    case 6: return on(Feature::unregister) && dice_.chance(0.3) ? unregister(1) : reg(1);
    default: return request();
  }
}

}  // namespace ffi_cts
