// Steps about host calls.
#include <algorithm>
#include <numeric>

#include "harness/generate/builder.hpp"

namespace ffi_cts {

void Builder::host_steps() {
  std::uint32_t roll = dice_.below(12);
  if (on(Feature::chain) && !chained_) return chain();
  if (host_functions_ == 0 || roll < 3) return add(reg(0));
  if (roll < 4 && on(Feature::unregister)) return add(unregister(0));
  if (roll < 7) return several_calls();
  Step answer = complete();
  add(answer);
  // Hosts that time out answer once more.
  if (!answer.object || !dice_.chance(0.25)) return;
  answer.payload = payload();
  answer.code = static_cast<int>(dice_.below(3));
  add(answer);
}

NameKind Builder::host_name() {
  if (!on(Feature::odd_host_name) || !dice_.chance(0.4)) return NameKind::event;
  return one_of({NameKind::null, NameKind::wildcard, NameKind::null, NameKind::wildcard, NameKind::other, NameKind::prefix,
                 NameKind::extended, NameKind::other_case, NameKind::huge, NameKind::not_utf8});
}

// Most often that which call_host calls; procs that no role plays may call others.
std::uint32_t Builder::any_host_function() {
  const auto declared = static_cast<std::uint32_t>(interface_.hosts.size());
  return on(Feature::item) && dice_.chance(0.4) ? dice_.below(declared + 1) : 0;
}

Step Builder::reg(int in_context) {
  Step step;
  step.verb = Verb::reg;
  step.defines = {ObjectKind::host_function, ++host_functions_};
  step.name = host_name();
  step.index = any_host_function();
  if (in_context) step.context = in_context;
  else step.handle = handle(step);
  if (on(Feature::nested_complete) && dice_.chance(0.7)) {
    Step answer = complete();
    if (answer.object) answer.object = step.defines;
    if (answer.handle == HandleKind::other) answer.handle = HandleKind::own;
    step.body.push_back(answer);
    if (dice_.chance(0.2)) {
      answer.payload = payload();
      step.body.push_back(std::move(answer));
    }
  }
  if (on(Feature::in_host_function) && !in_context)
    for (Step& nested : body(step.context, 0)) step.body.push_back(std::move(nested));
  return step;
}

Step Builder::unregister(int in_context) {
  Step step;
  step.verb = Verb::unregister;
  step.name = host_name();
  step.index = any_host_function();
  if (in_context) step.context = in_context;
  else step.handle = handle(step);
  return step;
}

Step Builder::complete() {
  Step step;
  step.verb = Verb::complete;
  step.object = any(ObjectKind::host_function, host_functions_);
  step.index = dice_.chance(0.7) ? 0 : dice_.below(3);
  step.payload = payload();
  std::uint32_t roll = dice_.below(10);
  step.code = roll < 6 ? 0 : roll < 8 ? 1 : 2 + static_cast<int>(dice_.below(5));
  if (on(Feature::null_payload) && dice_.chance(0.25)) step.misuse = Misuse::null_payload;
  if (on(Feature::empty_payload) && dice_.chance(0.15)) step.misuse = Misuse::empty_payload;
  if (on(Feature::other_handle) && dice_.chance(0.3)) step.handle = HandleKind::other;
  if (!step.object || (on(Feature::unknown_id) && dice_.chance(0.2))) {
    step.object = {};
    step.handle = handle(step);
    step.index = dice_.chance(0.5) ? 0 : 4'000'000'000u + dice_.below(1000);
  }
  return step;
}

// One that can be told from others, and does nothing in its callback.
Step Builder::plain_request(int context, RoleName role) {
  Step step;
  step.verb = Verb::request;
  step.defines = {ObjectKind::request, ++requests_};
  step.context = context;
  step.role = role;
  step.payload = {12 + dice_.below(20), dice_.below(1000)};
  return step;
}

// Several calls of one function are pending, while other requests are served, and are answered in any order. One thread
// does all of it, so that it comes about.
void Builder::several_calls() {
  const std::uint8_t thread = any_thread();
  const int at = context();
  Step function;
  function.verb = Verb::reg;
  function.defines = {ObjectKind::host_function, ++host_functions_};
  function.context = at;
  if (on(Feature::nested_complete) && on(Feature::in_host_function) && dice_.chance(0.2)) function = reg(at);
  const Ref name = function.defines;
  function.name = NameKind::event;
  function.index = 0;
  const std::uint32_t calls = 1 + dice_.below(4);
  add_on(thread, std::move(function));
  for (std::uint32_t i = 0; i < calls; ++i) add_on(thread, plain_request(at, RoleName::call_host));
  if (will_be_called(at) && dice_.chance(0.8)) add_on(thread, waits(name, calls));
  if (on(Feature::echo) && dice_.chance(0.5)) {
    add_on(thread, plain_request(at, RoleName::echo));
    if (dice_.chance(0.6)) add_on(thread, waits({ObjectKind::request, requests_}));
  }
  if (dice_.chance(0.15)) add_on(thread, reg(at));
  if (on(Feature::unregister) && dice_.chance(0.15)) add_on(thread, unregister(at));
  std::vector<std::uint32_t> order(calls + 1);  // and one that is answered twice
  std::iota(order.begin(), order.end(), 0u);
  order.back() = dice_.below(calls);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[dice_.below(static_cast<std::uint32_t>(i))]);
  for (std::uint32_t index : order) {
    if (dice_.chance(0.2)) continue;
    Step answer = complete();
    if (answer.object) {
      answer.object = name;
      answer.index = index;
    }
    dice_.chance(0.8) ? add_on(thread, std::move(answer)) : add(std::move(answer));
  }
  if (on(Feature::destroy) && dice_.chance(0.3)) {
    Step gone;
    gone.verb = Verb::destroy;
    gone.context = at;
    add_on(thread, std::move(gone));
  }
}

// Thousands of requests, each submitted in the callback of the one before.
void Builder::chain() {
  constexpr std::uint32_t links = 4096;
  const int at = context();
  if (is_lame(at)) return;
  chained_ = true;
  std::vector<RoleName> plain;
  for (RoleName role : {RoleName::echo, RoleName::empty, RoleName::call_host})
    if (std::find(roles_.begin(), roles_.end(), role) != roles_.end()) plain.push_back(role);
  if (plain.empty()) return;
  const RoleName role = dice_.pick(plain);
  if (role == RoleName::call_host) {
    Step function, answer;
    function.verb = Verb::reg;
    function.defines = answer.object = {ObjectKind::host_function, ++host_functions_};
    function.context = at;
    answer.verb = Verb::complete;
    answer.payload = {12, dice_.below(1000)};
    function.body.push_back(std::move(answer));
    add(std::move(function));
  }
  Step first = plain_request(at, role), next;
  next.verb = Verb::again;
  next.count = links + dice_.below(1000);
  first.body.push_back(std::move(next));
  add(std::move(first));
}

// Is a function of this context that is registered now sure to serve the calls that come next? Silence costs the run time.
bool Builder::will_be_called(int context) const {
  const bool others_register = threads_ > 1 || on(Feature::nested_register) || on(Feature::nested_unregister);
  return !others_register && !is_lame(context);
}

// Its constructor fails, or was refused.
bool Builder::is_lame(int context) const { return std::find(lame_.begin(), lame_.end(), context) != lame_.end(); }

// A call of that context is pending when this is over.
void Builder::pending_call_of(int context) {
  const std::uint8_t thread = any_thread();
  Step function;
  function.verb = Verb::reg;
  function.defines = {ObjectKind::host_function, ++host_functions_};
  function.context = context;
  add_on(thread, std::move(function));
  add_on(thread, plain_request(context, RoleName::call_host));
  if (will_be_called(context)) add_on(thread, waits({ObjectKind::host_function, host_functions_}));
}

}  // namespace ffi_cts
