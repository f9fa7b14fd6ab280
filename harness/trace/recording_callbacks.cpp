// Recording: the library's side, callbacks and what they carry, and the trace that becomes of it all.
#include <algorithm>

#include "harness/trace/recording.hpp"

namespace ffi_cts {
namespace {

constexpr std::uint32_t first_loop = 4;

Bytes as_bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

}  // namespace

// ---- Callbacks ------------------------------------------------------------------------------------------------------

Recording::CallbackId Recording::enter(Entry entry, int context, int object, int step_id, int code, Bytes payload,
                                       const Delivery& delivery) {
  if (delivery.text) payload = as_bytes(*delivery.text);
  if (delivery.value) payload = encode(*delivery.value);
  if (delivery.bytes) payload = *delivery.bytes;
  const Stamp stamp = log_.records.size();
  const auto thread = delivery.thread.value_or(first_loop + static_cast<std::uint32_t>(std::max(context, 0)));
  auto& record = append(RecordKind::callback_entered, thread);
  record.entry = entry;
  record.step = step_id;
  record.context = context;
  record.object = object;
  record.result = entry == Entry::host_fn ? 0 : delivery.code.value_or(code);
  record.handle = delivery.stack_used;
  record.first = delivery.marks;
  record.pointer = delivery.null_pointer ? 0 : 0x9000'0000u + log_.arena.size();
  keep(record, payload, delivery.kept);
  const auto kind = entry == Entry::constructor ? ObjectKind::context
                    : entry == Entry::terminal  ? ObjectKind::request
                    : entry == Entry::listener  ? ObjectKind::listener
                                                : ObjectKind::host_function;
  record.user_data = delivery.user_data.value_or(
      entry == Entry::stray ? 0 : user_data_of(kind, entry == Entry::constructor ? context : object));
  running_.push_back({stamp, thread, step_id, delivery.changed, delivery.stalled, never});
  return {stamp};
}

void Recording::leave(CallbackId callback) {
  const auto running =
      std::find_if(running_.begin(), running_.end(), [&](auto& r) { return r.stamp == callback.stamp; });
  const Record entered = log_.records[callback.stamp];
  const Stamp now = log_.records.size();
  auto& record = append(RecordKind::callback_left, entered.thread);
  record.entry = entered.entry;
  record.step = entered.step;
  record.context = entered.context;
  record.object = entered.object;
  record.partner = callback.stamp;
  record.result = running->stalled ? 1 : 0;
  if (running->stalled) record.id = std::min(running->stalled_at, now);
  record.hash = running->changed ? ~entered.hash : entered.hash;
  running_.erase(running);
}

Recording::CallbackId Recording::enter_construct(ContextId context, Delivery delivery) {
  const auto& made = step(context.step);
  const bool fails = made.role == RoleName::create_fail;
  const auto payload = fails ? as_bytes(make_text(made.payload, context.instance))
                             : encode(Value(std::to_string(handle_of(context.instance))));
  return enter(Entry::constructor, context.instance, -1, context.step, fails ? ret_err : ret_ok, payload, delivery);
}

Recording::CallbackId Recording::enter_reply(RequestId request, Delivery delivery) {
  const auto [code, payload] =
      delivery.code.value_or(ret_ok) == ret_err ? std::pair{ret_err, as_bytes("failed")} : right_reply(request);
  return enter(Entry::terminal, request.context, request.instance, request.step, code, payload, delivery);
}

void Recording::progress(RequestId request, Delivery delivery) {
  leave(enter(Entry::terminal, request.context, request.instance, request.step, ret_stale_warn, as_bytes("working"),
              delivery));
}

Recording::CallbackId Recording::enter_hear(ListenerId listener, RequestId event_of, Delivery delivery) {
  const auto [code, payload] = right_event(event_of);
  return enter(Entry::listener, listener.context, listener.instance, listener.step, code, payload, delivery);
}

void Recording::know_types() {
  interface.schema = std::make_shared<schema::Schema>(schema::Schema::parse("", "toy.cddl"));
  const auto params = [&](std::vector<Param>& all) {
    for (Param& param : all) param.cddl = type(param.type);
  };
  params(interface.constructor.params);
  for (Proc& proc : interface.procs) {
    params(proc.params);
    if (!proc.returns.empty()) proc.returns_cddl = type(proc.returns);
  }
  for (EventType& event : interface.events) event.payload_cddl = type(event.payload);
  for (HostFunctionType& host : interface.hosts) params(host.params);
}

Recording::CallbackId Recording::enter_host_call(HostFunctionId function, Delivery delivery) {
  const auto asks = [&](const Node& node) {
    return node.step.verb == Verb::request && node.step.role == RoleName::call_host &&
           node.step.context == function.context + 1;
  };
  const auto asking = std::find_if(nodes_.rbegin(), nodes_.rend(), asks);
  if (!delivery.text && !delivery.value && !delivery.bytes)
    delivery.text = asking == nodes_.rend() ? "key" : make_text(asking->step.payload, asking->step.defines.number - 1);
  const auto call = enter(Entry::host_fn, function.context, function.instance, function.step, 0, {}, delivery);
  log_.records[call.stamp].id = delivery.call_id.value_or(++call_ids_);
  return call;
}

Recording::CallbackId Recording::enter_host_call(HostFunctionId function, RequestId request, Delivery delivery) {
  if (!delivery.text) delivery.text = make_text(step(request.step).payload, request.instance);
  return enter_host_call(function, std::move(delivery));
}

Recording::HostCallId Recording::host_call_of(CallbackId callback) const {
  const auto& record = log_.records[callback.stamp];
  return {record.context, record.object, record.id};
}

Recording::HostCallId Recording::call_host(HostFunctionId function, Delivery delivery) {
  const auto callback = enter_host_call(function, std::move(delivery));
  leave(callback);
  return host_call_of(callback);
}

Recording::HostCallId Recording::call_host(HostFunctionId function, RequestId request, Delivery delivery) {
  const auto callback = enter_host_call(function, request, std::move(delivery));
  leave(callback);
  return host_call_of(callback);
}

std::string Recording::answer(CallId completion) const {
  const auto& record = log_.records[completion.stamp];
  const auto from = log_.arena.begin() + static_cast<std::ptrdiff_t>(record.offset);
  return {from, from + static_cast<std::ptrdiff_t>(record.kept)};
}

void Recording::stray(Delivery delivery) {
  leave(enter(Entry::stray, -1, -1, 0, ret_ok, {}, delivery));
}

void Recording::wait(const Object& object, ObjectKind kind, bool given_up) {
  record_wait(object, kind, given_up ? 1 : 0);
}

void Recording::wait_starved(const Object& object, ObjectKind kind) {
  record_wait(object, kind, 3);
}

void Recording::record_wait(const Object& object, ObjectKind kind, std::int64_t result) {
  Step step;
  step.verb = Verb::wait;
  step.object = {kind, object.instance + 1};
  const int id = add_step(std::move(step), 0);
  const Stamp begun = log_.records.size();
  append(RecordKind::wait_begun, 0).step = id;
  auto& over = append(RecordKind::wait_over, 0);
  over.step = id;
  over.partner = begun;
  over.result = result;
}

void Recording::stand_still() {
  for (auto& running : running_) running.stalled_at = std::min<Stamp>(running.stalled_at, log_.records.size());
}

void Recording::census(std::uint64_t threads, std::uint64_t descriptors, std::uint64_t heap, std::uint64_t mapped, bool last_look) {
  auto& record = append(RecordKind::census, 0);
  record.result = last_look;
  record.id = threads;
  record.size = descriptors;
  record.pointer = heap;
  record.handle = mapped;
}

void Recording::crash(int signal, std::string uncaught, int thread) {
  log_.ending.kind = EndKind::crashed;
  log_.ending.thread = thread;
  log_.ending.uncaught = std::move(uncaught);
  log_.ending.signal = signal;
}

void Recording::hang(bool certain) {
  log_.ending.kind = EndKind::hung;
  log_.ending.certain = certain;
  log_.ending.seconds = 10;
}

void Recording::watch(Sanitizer by, std::string library) {
  log_.watched_by = by;
  log_.library = std::move(library);
}

void Recording::report(SanitizerReport report) {
  log_.ending.kind = EndKind::reported;
  log_.ending.report = std::move(report);
}

void Recording::exit(int code) {
  log_.ending.kind = EndKind::exited;
  log_.ending.code = code;
}

// ---- What the right answer is ---------------------------------------------------------------------------------------

Value Recording::constructed_with(int context) const {
  if (context < 0) return {};
  const auto& created = step(contexts_[static_cast<std::size_t>(context)].step);
  return request_value(interface, created, arguments_of(interface, created, context, {})).value_or(Value{});
}

Arguments Recording::arguments(RequestId request) const {
  auto arguments = arguments_of(interface, step(request.step), request.instance, constructed_with(request.context));
  if (request.context >= 0) arguments.answer = answers_[static_cast<std::size_t>(request.context)].second;
  return arguments;
}

std::pair<int, Bytes> Recording::right_reply(RequestId request) const {
  const auto& made = step(request.step);
  const Role* role = made.proc ? nullptr : interface.role(made.role);
  if (role && made.role == RoleName::fail)
    return {ret_err, as_bytes(instantiate_text(role->error.value_or(""), arguments(request)).value_or(""))};
  if (role && made.role == RoleName::call_host && request.context >= 0)
    if (const auto& [code, text] = answers_[static_cast<std::size_t>(request.context)]; code != ret_ok)
      return {ret_err, as_bytes(text)};
  if (!role || !role->reply) return {ret_ok, encode(Value{})};
  return {ret_ok, encode(instantiate(*role->reply, arguments(request)).value_or(Value{}))};
}

std::pair<int, Bytes> Recording::right_event(RequestId request) const {
  const auto& made = step(request.step);
  const Role& role = *interface.role(made.role);
  if (made.role == RoleName::emit_fail)
    return {ret_err, as_bytes(instantiate_text(role.error.value_or(""), arguments(request)).value_or(""))};
  const auto payload = role.payload ? instantiate(*role.payload, arguments(request)).value_or(Value{}) : Value{};
  return {ret_ok, encode(Map{{Value("eventType"), Value(role.event)}, {Value("payload"), payload}})};
}

// ---- The trace ------------------------------------------------------------------------------------------------------

Trace Recording::trace() const {
  Program whole = program;
  std::vector<int> numbers(nodes_.size() + 1, 0);
  int next = 0;
  const auto write = [&](const auto& self, int parent, std::vector<Step>& into) -> void {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].parent != parent) continue;
      into.push_back(nodes_[i].step);
      const std::size_t made = into.size() - 1;
      into[made].id = numbers[i + 1] = ++next;
      self(self, static_cast<int>(i) + 1, into[made].body);
    }
  };
  write(write, 0, whole.steps);
  Log log = log_;
  log.loading = loading;
  for (auto& record : log.records) record.step = numbers[static_cast<std::size_t>(record.step)];
  return index(std::move(log), whole, interface);
}

}  // namespace ffi_cts
