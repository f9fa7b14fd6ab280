#include "harness/generate/generate.hpp"

#include <rapidcheck/shrinkable/Create.h>
#include <rapidcheck/Shrinkable.h>

#include <algorithm>
#include <array>

#include "harness/generate/builder.hpp"
#include "harness/program/payload.hpp"

namespace ffi_cts {
namespace {

double likelihood(Feature feature) {
  switch (feature) {
    case Feature::echo: return 0.7;
    case Feature::emit:
    case Feature::listen: return 0.6;
    case Feature::several_threads: return 0.4;
    case Feature::fresh_process: return 0.02;
    case Feature::hold:
    case Feature::many_listeners:
    case Feature::many_events:
    case Feature::chain:
    case Feature::huge_payload:
    case Feature::signal_storm:
    case Feature::many_descriptors:
    case Feature::many_contexts: return 0.01;
    case Feature::block:
    case Feature::garbage_handle:
    case Feature::dead_handle: return 0.03;
    case Feature::fresh_threads:
    case Feature::many_requests:
    case Feature::create_slow:
    case Feature::item:
    case Feature::near_miss:
    case Feature::delay:
    case Feature::schedule:
    case Feature::big_payload: return 0.12;
    default: return 0.35;
  }
}

// Are there types to draw the arguments of a proc from?
bool can_be_drawn(const Interface& interface) { return interface.schema && !interface.procs.empty(); }

}  // namespace

Builder::Builder(const Interface& interface, const Features& swarm, Tuning tuning, Dice dice)
    : interface_(interface), swarm_(swarm), tuning_(tuning), dice_(dice) {
  for (auto [role, feature] : {std::pair{RoleName::echo, Feature::echo}, {RoleName::delay, Feature::delay}, {RoleName::fail, Feature::fail},
                               {RoleName::empty, Feature::empty}, {RoleName::emit, Feature::emit}, {RoleName::emit_fail, Feature::emit_fail},
                               {RoleName::call_host, Feature::call_host}, {RoleName::block, Feature::block}, {RoleName::progress, Feature::progress}})
    if (on(feature)) roles_.push_back(role);
  if (!roles_.empty()) return;
  if (interface.role(RoleName::echo)) roles_.push_back(RoleName::echo);
  else set(swarm_, Feature::item, can_be_drawn(interface));  // there is nothing else that it could ask for
}

Program Builder::run() {
  program_.fresh_threads = on(Feature::fresh_threads);
  program_.fresh_process = on(Feature::fresh_process);
  program_.signal_storm = on(Feature::signal_storm);
  if (on(Feature::schedule)) program_.schedule = 1 + dice_.below(1'000'000);
  program_.many_descriptors = on(Feature::many_descriptors);
  threads_ = on(Feature::several_threads) ? 2 + dice_.below(max_threads - 1) : 1;
  if (on(Feature::fresh_process)) first_calls();
  else add(create());
  if (dice_.chance(0.3)) add(waits({ObjectKind::context, 1}));
  auto steps = static_cast<std::uint32_t>((3 + dice_.below(12)) * tuning_.length);
  for (std::uint32_t i = 0; i < steps; ++i) top_level();
  if (dice_.chance(0.8)) add(waits({ObjectKind::all, 0}));
  if (on(Feature::dead_handle)) dead_handles();
  normalize(program_);
  return std::move(program_);
}

// In a process that nobody has called yet, each thread begins with a plain create.
void Builder::first_calls() {
  std::uint32_t creates = tuning_.few_contexts ? std::min(threads_, 2u) : threads_;
  for (std::uint8_t thread = 0; thread < creates; ++thread) {
    Step step;
    step.verb = Verb::create;
    step.defines = {ObjectKind::context, ++contexts_};
    add_on(thread, step);
  }
}

Payload Builder::payload() {
  Payload p;
  p.seed = dice_.below(1000);
  static const std::vector<std::uint32_t> small = {0, 1, 5, 12, 13, 14, 16, 20, 23, 24, 30, 40};
  static const std::vector<std::uint32_t> big = {255, 256, 4095, 4096, 65535, 65536};
  p.size = dice_.pick(small);
  if (p.size < 12 && dice_.chance(0.6)) p.size = 12 + dice_.below(8);
  if (on(Feature::big_payload) && dice_.chance(0.3)) p.size = dice_.pick(big);
  if (on(Feature::huge_payload) && dice_.chance(0.3)) p.size = dice_.chance(0.1) ? 16u << 20 : 1u << 20;
  return p;
}

HandleKind Builder::handle(Step& step) {
  if (on(Feature::null_handle) && dice_.chance(0.1)) return HandleKind::null;
  if (on(Feature::garbage_handle) && dice_.chance(0.3))
    return one_of({HandleKind::small, HandleKind::odd, HandleKind::unmapped, HandleKind::zeros, HandleKind::noise});
  step.context = context();
  return HandleKind::own;
}

void Builder::top_level() {
  std::uint32_t roll = dice_.below(100);
  if (on(Feature::native) && on(Feature::item) && requests_ < 20 * tuning_.length && dice_.chance(0.2)) return both_variants();
  bool events = on(Feature::listen) && interface_.has_events();
  if (roll < 8 && (on(Feature::several_contexts) || on(Feature::create_slow) || on(Feature::create_fail) || on(Feature::create_misuse))) {
    if (!tuning_.few_contexts || contexts_ < 2) return add(create());
  }
  if (roll < 50) return add(request());
  if (events && roll < 66) return add(listen());
  if (events && on(Feature::remove) && roll < 74) return add(remove());
  if (on(Feature::call_host) && roll < 82) return host_steps();
  if (on(Feature::item) && !interface_.register_host_fn.empty() && roll < 82) return add(reg(0));
  if (on(Feature::destroy) && roll < 85) return add(destroy());
  if (roll < 95) return add(waits(something()));
  add(request());
}

Ref Builder::something() {
  Ref ref = any(ObjectKind::request, requests_);
  if (dice_.chance(0.15)) ref = {ObjectKind::all, 0};
  // A listener is waited for only where an event is sure to come: silence costs the run time.
  if (hopeful_ && dice_.chance(0.4)) ref = {ObjectKind::listener, hopeful_};
  return ref ? ref : Ref{ObjectKind::all, 0};
}

Step Builder::waits(Ref ref, std::uint32_t count) {
  Step step;
  step.count = count;
  step.verb = Verb::wait;
  step.object = ref;
  return step;
}

Step Builder::create() {
  Step step;
  step.verb = Verb::create;
  step.defines = {ObjectKind::context, ++contexts_};
  step.payload = payload();
  step.payload.size = std::min(step.payload.size, 64u);
  bool first = contexts_ == 1;
  if (on(Feature::create_slow) && dice_.chance(0.5)) {
    step.role = RoleName::create_slow;
    step.ms = 1 + dice_.below(8);
  } else if (on(Feature::create_fail) && !first && dice_.chance(0.5)) {
    step.role = RoleName::create_fail;
  }
  if (on(Feature::create_misuse) && !first && dice_.chance(0.5)) {
    if (!dice_.chance(0.4) || !by_its_types(step))
      step.misuse = one_of({Misuse::null_callback, Misuse::null_payload, Misuse::empty_payload, Misuse::malformed, Misuse::lenient, Misuse::hostile});
  }
  if (step.role == RoleName::create_fail || step.misuse != Misuse::none) lame_.push_back(contexts_);
  if (on(Feature::many_contexts) && !first && dice_.chance(0.5)) step.repeat = 8 + dice_.below(40);
  variant(step);
  if (on(Feature::in_constructor) && step.repeat == 1) step.body = body(context(), 0);
  return step;
}

Step Builder::request() {
  Step step;
  step.verb = Verb::request;
  step.defines = {ObjectKind::request, ++requests_};
  step.handle = handle(step);
  if (roles_.empty() || dice_.chance(0.3)) {
    if (by_its_types(step)) of_any_proc(step);
  }
  if (!step.proc) of_a_role(step);
  variant(step);
  if (on(Feature::many_requests) && dice_.chance(0.3)) step.repeat = 9 + dice_.below(60);
  if (step.role == RoleName::emit && step.misuse == Misuse::none && step.count > 0 && step.context == hopeful_context_) hopeful_ = hopeful_listener_;
  if (on(Feature::in_reply) && step.repeat <= 16 && dice_.chance(0.4)) step.body = body(step.context, 0);
  return step;
}

void Builder::of_a_role(Step& step) {
  step.role = roles_.empty() ? RoleName::echo : dice_.pick(roles_);
  step.payload = payload();
  if (step.role == RoleName::delay) step.ms = dice_.chance(0.02) ? 60 : dice_.below(6);
  if (step.role == RoleName::block) step.ms = dice_.below(4);
  if (step.role == RoleName::emit || step.role == RoleName::progress) step.count = dice_.chance(0.7) ? 1 : dice_.below(4);
  if (step.role == RoleName::emit && on(Feature::many_events) && dice_.chance(0.5)) step.count = 1000 + dice_.below(4000);
  misuse(step);
}

void Builder::of_any_proc(Step& step) {
  step.proc = dice_.below(static_cast<std::uint32_t>(interface_.procs.size()));
  step.role = Step().role;
  step.ms = Step().ms;
  step.count = Step().count;
}

// Makes it a call with arguments of the parameters' types, or nearly so. False: the swarm has neither.
bool Builder::by_its_types(Step& step) {
  if (!on(Feature::item) && !on(Feature::near_miss)) return false;
  static const std::vector<std::uint32_t> sizes = {0, 1, 2, 3, 5, 8, 13, 24};  // of what they hold, and of the numbers among it
  step.misuse = !on(Feature::near_miss) || (on(Feature::item) && dice_.chance(0.5)) ? Misuse::item : Misuse::near_miss;
  step.payload = {dice_.pick(sizes), dice_.below(1000)};
  return true;
}

void Builder::misuse(Step& step) {
  static constexpr std::array<std::pair<Feature, Misuse>, 6> kinds{{{Feature::null_callback, Misuse::null_callback}, {Feature::null_payload, Misuse::null_payload},
      {Feature::empty_payload, Misuse::empty_payload}, {Feature::malformed, Misuse::malformed}, {Feature::lenient, Misuse::lenient}, {Feature::hostile, Misuse::hostile}}};
  for (auto [feature, kind] : kinds)
    if (on(feature) && dice_.chance(0.12)) step.misuse = kind;
  if (step.misuse == Misuse::hostile && dice_.chance(0.5)) of_any_proc(step);
  if (step.misuse != Misuse::none) step.payload.size = std::min(step.payload.size, 4096u);
}

void Builder::variant(Step& step) {
  if (!on(Feature::native) || !dice_.chance(0.5)) return;
  step.native = dice_.chance(0.6) ? NativeForm::plain : dice_.pick(std::vector{NativeForm::nulls, NativeForm::bools, NativeForm::absents});
  if (!goes_native(interface_, step)) step.native.reset();
}

// The same call again and again, one after the other: in CBOR, natively in each form, in CBOR. So the variants can be told from
// chance.
void Builder::both_variants() {
  std::vector<std::size_t> procs;
  for (std::size_t i = 0; i < interface_.procs.size(); ++i)
    if (const Proc& proc = interface_.procs[i]; proc.native && proc.context && !proc.symbols.cbor.empty()) procs.push_back(i);
  if (procs.empty()) return;
  Step step;
  step.verb = Verb::request;
  step.context = context();
  step.proc = dice_.pick(procs);
  step.misuse = Misuse::item;
  step.payload = {one_of({0u, 1u, 3u, 8u}), dice_.below(1000)};
  const auto thread = static_cast<std::uint8_t>(dice_.below(threads_));
  for (const std::optional<NativeForm> form : std::initializer_list<std::optional<NativeForm>>{
           {}, NativeForm::plain, NativeForm::nulls, NativeForm::bools, NativeForm::absents, {}}) {
    step.defines = {ObjectKind::request, ++requests_};
    step.native = form;
    add_on(thread, step);
    add_on(thread, waits(step.defines));
  }
}

Step Builder::listen() {
  Step step;
  step.verb = Verb::listen;
  step.defines = {ObjectKind::listener, ++listeners_};
  step.handle = handle(step);
  std::vector<NameKind> names(6, NameKind::event);
  if (on(Feature::wildcard)) names.insert(names.end(), 3, NameKind::wildcard);
  if (on(Feature::null_name)) names.insert(names.end(), 2, NameKind::null);
  if (on(Feature::other_name)) names.insert(names.end(), 2, NameKind::other);
  if (on(Feature::odd_name)) names.insert(names.end(), {NameKind::prefix, NameKind::extended, NameKind::other_case, NameKind::huge, NameKind::not_utf8});
  step.name = dice_.pick(names);
  step.role = on(Feature::emit_fail) && dice_.chance(0.3) ? RoleName::emit_fail : RoleName::emit;
  step.same_function = on(Feature::same_function) && dice_.chance(0.4);
  if (on(Feature::null_listener) && dice_.chance(0.15)) step.misuse = Misuse::null_callback;
  if (on(Feature::many_listeners) && dice_.chance(0.4)) step.repeat = 200 + dice_.below(2000);
  bool hears = step.name == NameKind::event || step.name == NameKind::wildcard || step.name == NameKind::null;
  if (hears && step.misuse == Misuse::none && step.handle == HandleKind::own && step.role == RoleName::emit && threads_ == 1) {
    hopeful_listener_ = listeners_;
    hopeful_context_ = step.context;
  }
  if (on(Feature::in_event) && step.repeat == 1) step.body = body(step.context, listeners_);
  return step;
}

Step Builder::remove() {
  Step step;
  step.verb = Verb::remove;
  step.object = any(ObjectKind::listener, listeners_);
  if (!step.object || (on(Feature::unknown_id) && dice_.chance(0.3))) {
    step.object = {};
    step.index = dice_.chance(0.5) ? 0 : 4'000'000'000u + dice_.below(1000);
  }
  step.handle = handle(step);
  if (step.handle == HandleKind::own && step.object) step.context = 0;  // its listener's
  if (step.object.number == hopeful_) hopeful_ = 0;
  return step;
}

Step Builder::destroy() {
  Step step;
  step.verb = Verb::destroy;
  step.handle = handle(step);
  return step;
}

Features applicable_features(const Interface& interface) {
  Features out;
  out.set();
  for (auto [role, feature] : {std::pair{RoleName::echo, Feature::echo}, {RoleName::delay, Feature::delay}, {RoleName::fail, Feature::fail},
                               {RoleName::empty, Feature::empty}, {RoleName::emit, Feature::emit}, {RoleName::emit_fail, Feature::emit_fail},
                               {RoleName::call_host, Feature::call_host}, {RoleName::block, Feature::block}, {RoleName::progress, Feature::progress},
                               {RoleName::create_slow, Feature::create_slow}, {RoleName::create_fail, Feature::create_fail}})
    if (!interface.role(role)) set(out, feature, false);
  const bool native = interface.constructor.native || std::ranges::any_of(interface.procs, [](const Proc& proc) { return proc.native; });
  if (!native) set(out, Feature::native, false);
  if (!can_be_drawn(interface)) {
    set(out, Feature::item, false);
    set(out, Feature::near_miss, false);
  }
  if (!interface.contract.wildcard) {
    set(out, Feature::wildcard, false);
    set(out, Feature::null_name, false);
  }
  return out;
}

Features swarm(const rc::Random& random, const Features& allowed) {
  Dice dice(random);
  Features out;
  for (std::size_t i = 0; i < feature_count; ++i)
    if (allowed[i] && dice.chance(likelihood(static_cast<Feature>(i)))) out.set(i);
  return out;
}

rc::Gen<Program> programs(const Interface& interface, const Features& swarm, Tuning tuning) {
  return [&interface, swarm, tuning](const rc::Random& random, int) {
    // A pointer: clang does not let RapidCheck copy a reference to a function.
    return rc::shrinkable::shrinkRecur(Builder(interface, swarm, tuning, Dice(random)).run(), &simpler);
  };
}

}  // namespace ffi_cts
