#include "conformance/speed/flatten.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "harness/program/payload.hpp"
#include "harness/program/text.hpp"

namespace ffi_cts::speed {
namespace {

bare_kind kind_of(Verb verb) {
  switch (verb) {
    case Verb::create: return BARE_CREATE;
    case Verb::request: return BARE_REQUEST;
    case Verb::listen: return BARE_LISTEN;
    case Verb::remove: return BARE_REMOVE;
    case Verb::reg: return BARE_REGISTER;
    case Verb::complete: return BARE_COMPLETE;
    case Verb::destroy: return BARE_DESTROY;
    case Verb::wait: return BARE_WAIT;
    case Verb::unregister:
    case Verb::park:
    case Verb::hold:
    case Verb::again: break;
  }
  throw std::runtime_error("the bare loop does not know this step");
}

}  // namespace

FlatPrograms::FlatPrograms(const Interface& interface, const Library& library, const std::vector<Program>& programs)
    : interface_(interface), library_(library) {
  for (const Program& program : programs) programs_.push_back(flatten(program));
}

bare_program FlatPrograms::flatten(const Program& program) {
  if (program.fresh_threads || program.signal_storm || program.many_descriptors) throw std::runtime_error("the bare loop knows no fresh threads and no signal storms");
  Things things;
  ctors_.clear();
  instance_ = 0;
  auto& makers = makers_.emplace_back();
  auto& calls = flatten(program.steps, -1, things, makers);
  if (makers.size() > BARE_MAX_THINGS) throw std::runtime_error("a program too long for the bare loop");
  bare_program out{};
  out.calls = calls.data();
  out.size = calls.size();
  for (const bare_call& call : calls) out.threads |= 1u << call.thread;
  out.makers = makers.data();
  out.things = static_cast<int>(makers.size());
  return out;
}

// `thread` -1: each step's own.
std::vector<bare_call>& FlatPrograms::flatten(const std::vector<Step>& steps, int thread, Things& things, std::vector<const bare_call*>& makers) {
  auto& calls = calls_.emplace_back();
  calls.reserve(steps.size());  // their addresses stay
  for (const Step& step : steps) {
    calls.push_back(flatten(step, thread < 0 ? step.thread : thread, things, makers));
    bare_call& call = calls.back();
    if (call.makes >= 0) makers[static_cast<std::size_t>(call.makes)] = &call;
  }
  return calls;
}

bare_call FlatPrograms::flatten(const Step& step, int thread, Things& things, std::vector<const bare_call*>& makers) {
  if (step.handle != HandleKind::own || step.misuse != Misuse::none || step.proc || step.repeat != 1 || step.same_function ||
      (step.verb == Verb::remove && !step.object) || (step.verb == Verb::complete && !step.object))
    throw std::runtime_error(fmt::format("the bare loop makes plain calls only, and not: {}", to_text(step)));
  auto thing = [&](Ref ref) {
    auto it = things.find({ref.kind, ref.number});
    return it == things.end() ? -1 : it->second;
  };
  bare_call call{};
  call.kind = kind_of(step.verb);
  call.thread = thread;
  call.context = thing({ObjectKind::context, step.context});
  call.object = thing(step.object);
  call.makes = -1;
  call.count = step.verb == Verb::complete ? step.index : step.count;
  call.code = step.code;
  if (step.defines) {
    call.makes = static_cast<int>(makers.size());
    things[{step.defines.kind, step.defines.number}] = call.makes;
    makers.push_back(nullptr);
  }
  give_bytes(step, call);
  auto& body = flatten(step.body, thread, things, makers);
  call.body = body.data();
  call.body_size = body.size();
  return call;
}

void FlatPrograms::give_bytes(const Step& step, bare_call& call) {
  auto bytes = [&](Bytes made) {
    const Bytes& kept = bytes_.emplace_back(std::move(made));
    static const std::uint8_t nothing = 0;
    call.bytes = kept.empty() ? &nothing : kept.data();
    call.size = kept.size();
  };
  auto name = [&](const std::string& text) { call.name = names_.emplace_back(text).c_str(); };
  switch (step.verb) {
    case Verb::create: {
      Arguments arguments = arguments_of(interface_, step, instance_++, {});
      ctors_[step.defines.number] = request_value(interface_, step, arguments).value_or(Value{});
      return bytes(request_bytes(interface_, step, arguments));
    }
    case Verb::request: {
      const Role* role = interface_.role(step.role);
      call.proc = role ? library_.procs[role->proc] : nullptr;
      if (!call.proc) throw std::runtime_error(fmt::format("the library has nothing to play: {}", to_text(step)));
      return bytes(request_bytes(interface_, step, arguments_of(interface_, step, instance_++, ctors_[step.context])));
    }
    case Verb::complete:
    case Verb::wait:  // with this it answers what is open
      return bytes(completion_bytes(interface_, step, step, instance_));
    case Verb::listen:
      if (auto event = event_name(interface_, step)) name(*event);
      return;
    case Verb::reg:
      if (!interface_.role(RoleName::call_host)) throw std::runtime_error("the library calls no host functions");
      return name(interface_.role(RoleName::call_host)->host);
    default: return;
  }
}

}  // namespace ffi_cts::speed
