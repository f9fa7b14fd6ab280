// The steps about host functions and their calls.
#include "harness/driver/steps.hpp"
#include "harness/program/payload.hpp"

namespace ffi_cts {

void Driver::register_host_fn(const Step& step, std::uint32_t k, Where where) {
  Target to = target(step, k, where);
  int instance = host_function_of(interface_, step) && to.ok && library_.register_host_fn ? objects_.host_functions.take() : -1;
  if (instance < 0) return skip(step, where);
  if (step.defines) define(step, instance);
  HostFunctionState& state = objects_.host_functions[instance];
  state.context = to.context;
  state.step = &step;
  bool with_function = step.verb == Verb::reg && step.misuse != Misuse::null_callback;
  auto handed = trampolines_.hand_out(Entry::host_fn, &step, to.context, instance);
  auto name = host_function_name(interface_, step);
  std::optional<Lent::Loan> lent;
  if (name) lent.emplace(lent_, name->c_str(), name->size() + 1, true);
  InsideCall inside(*this, where);
  std::uint64_t stamp = call_entered(where, [&](Record& r) {
    r.export_ = Export::register_host_fn;
    r.step = step.id;
    r.context = to.context;
    r.object = instance;
    r.handle = bits(to.handle);
    if (lent) note_bytes(r, {reinterpret_cast<const std::uint8_t*>(lent->data()), name->size() + 1}, *lent);
    r.user_data = bits(handed.user_data);
  });
  auto function = with_function ? reinterpret_cast<FFIHostFn>(handed.function) : nullptr;
  int result = inside_library([&] { return library_.register_host_fn(to.handle, lent ? lent->data() : nullptr, function, handed.user_data); });
  call_returned(where, [&](Record& r) {
    r.export_ = Export::register_host_fn;
    r.step = step.id;
    r.partner = stamp;
    r.result = result;
  });
  state.returned = true;
  waits_.notify();
}

void Driver::complete(const Step& step, std::uint32_t k, Where where) {
  if (!library_.host_complete) return skip(step, where);
  if (step.object) {
    int call = host_call_of(step, k, where);
    if (call < 0) return skip(step, where);
    // That of its own context, or what the step has instead of it.
    Target to = step.handle == HandleKind::own ? handle_of(call_context(call), HandleKind::own) : target(step, k, where);
    if (!to.ok) return skip(step, where);
    return complete_call(call, to, &step, step.code, completion_bytes(interface_, registering(call), step, call), where);
  }
  Target to = target(step, k, where);
  if (!to.ok) return skip(step, where);
  host_complete({to, -1, step.index, &step, step.code, completion_bytes(interface_, {}, step, 0)}, where);
}

// The step that registered the function which this call is of.
const Step& Driver::registering(int host_call) { return *objects_.host_functions[objects_.host_calls[host_call].host_function].step; }

void Driver::complete_call(int host_call, Target to, const Step* step, int code, Bytes bytes, Where where) {
  HostCallState& call = objects_.host_calls[host_call];
  // From here on it is no open call for a wait to answer: once is all that a host owes.
  const bool own = to.context >= 0 && to.context == call_context(host_call);
  if (own && (!step || step->misuse != Misuse::null_payload)) call.completed = true;
  host_complete({to, host_call, call.id, step, code, std::move(bytes)}, where);
  waits_.notify();
}

void Driver::host_complete(const Completion& completion, Where where) {
  const Target& to = completion.to;
  const int id = completion.step ? completion.step->id : 0;
  const Lent::Loan lent(lent_, completion.bytes.data(), completion.bytes.size(), lent_.choose());
  const Passed message = passed(lent, completion.bytes.size(), completion.step ? completion.step->misuse : Misuse::none);
  InsideCall inside(*this, where);
  std::uint64_t stamp = call_entered(where, [&](Record& r) {
    r.export_ = Export::host_complete;
    r.step = id;
    r.context = to.context;
    r.object = completion.host_call;
    r.handle = bits(to.handle);
    r.id = completion.id;
    r.result = completion.code;
    note_bytes(r, message, lent);
  });
  recorder_.keep(stamp, message.data, message.data ? message.size : 0);
  int result = inside_library([&] {
    return library_.host_complete(to.handle, completion.id, completion.code, reinterpret_cast<const char*>(message.data), message.size);
  });
  call_returned(where, [&](Record& r) {
    r.export_ = Export::host_complete;
    r.step = id;
    r.partner = stamp;
    r.result = result;
  });
}

}  // namespace ffi_cts
