// Recording: the records that every crossing leaves, and the host's calls.
#include "harness/trace/recording.hpp"

#include <algorithm>

namespace ffi_cts {

namespace {

Bytes as_bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

std::uint64_t hash_of(const Bytes& bytes) {  // FNV-1a
  std::uint64_t hash = 14695981039346656037u;
  for (const auto byte : bytes) hash = (hash ^ byte) * 1099511628211u;
  return hash;
}

std::uint64_t wrong_handle(HandleKind kind) {
  switch (kind) {
    case HandleKind::own:
    case HandleKind::null:
      return 0;
    case HandleKind::small:
      return 3;
    case HandleKind::odd:
      return 0x7001;
    default:
      return 0x7000 + 0x1000 * static_cast<std::uint64_t>(kind);
  }
}

}  // namespace

Recording::Recording(std::string_view interface_text) : interface(parse_interface(interface_text, "toy.toml")) {}

// ---- Records and steps ----------------------------------------------------------------------------------------------

std::uint64_t Recording::user_data_of(ObjectKind kind, int instance) {
  return 0x5000'0000u + 0x100'0000u * static_cast<std::uint64_t>(kind) + static_cast<std::uint64_t>(instance);
}

Record& Recording::append(RecordKind kind, std::uint32_t thread) {
  Record record{};
  record.written = 1;
  record.kind = kind;
  record.thread = thread;
  record.clock_ns = clock_ns_ += 1000;
  record.context = record.object = -1;
  return log_.records.emplace_back(record);
}

int Recording::add_step(Step step, std::uint32_t thread) {
  const auto around = std::find_if(running_.rbegin(), running_.rend(), [&](auto& r) { return r.thread == thread; });
  step.thread = static_cast<std::uint8_t>(thread);
  nodes_.push_back({std::move(step), around == running_.rend() ? 0 : around->step});
  return static_cast<int>(nodes_.size());
}

std::uint32_t Recording::thread_of(const With& with) const {
  if (with.thread) return *with.thread;
  return running_.empty() ? 0 : running_.back().thread;
}

void Recording::keep(Record& record, const Bytes& bytes, std::optional<std::size_t> kept) {
  record.size = bytes.size();
  record.kept = std::min(kept.value_or(bytes.size()), bytes.size());
  record.offset = log_.arena.size();
  record.hash = hash_of(bytes);
  log_.arena.insert(log_.arena.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(record.kept));
}

// ---- Calls ----------------------------------------------------------------------------------------------------------

Step Recording::step_of(Verb verb, int context, const With& with) const {
  Step step;
  step.verb = verb;
  step.context = context + 1;
  step.handle = with.handle;
  step.proc = with.proc;
  step.payload = with.payload.value_or(Payload{16, static_cast<std::uint32_t>(nodes_.size()) + 1});
  step.ms = with.ms;
  step.count = with.count;
  step.code = with.code;
  step.misuse = with.misuse;
  step.native = with.native;
  step.name = with.name;
  step.role = with.role;
  step.same_function = with.same_function;
  return step;
}

Recording::Object Recording::begin(Export export_, int context, int instance, Step step, const With& with,
                                   std::int64_t success) {
  const auto thread = thread_of(with);
  const int id = add_step(std::move(step), thread);
  const Stamp stamp = log_.records.size();
  auto& record = append(RecordKind::call_entered, thread);
  record.export_ = export_;
  record.step = id;
  record.context = with.handle == HandleKind::own ? context : -1;
  record.object = instance;
  record.first = with.first;
  record.handle = with.handle != HandleKind::own ? wrong_handle(with.handle) : context < 0 ? 0 : handle_of(context);
  results_.emplace_back(stamp, with.result.value_or(success));
  return {instance, id, stamp};
}

Recording::ContextId Recording::begin_create(RoleName role, With with) {
  ContextId context{};
  context.instance = static_cast<int>(contexts_.size());
  auto made = step_of(Verb::create, -1, with);
  made.defines = {ObjectKind::context, context.instance + 1};
  made.role = role;
  static_cast<Object&>(context) =
      begin(Export::create, context.instance, -1, made, with, static_cast<std::int64_t>(handle_of(context.instance)));
  context.instance = static_cast<int>(contexts_.size());
  auto& record = log_.records[context.call];
  record.handle = 0;
  record.user_data = user_data_of(ObjectKind::context, context.instance);
  contexts_.push_back(context);
  answers_.emplace_back(ret_ok, "answer");
  return context;
}

Recording::RequestId Recording::begin_request(ContextId context, RoleName role, With with) {
  auto made = step_of(Verb::request, context.instance, with);
  made.defines = {ObjectKind::request, requests_ + 1};
  made.role = role;
  RequestId request{begin(Export::request, context.instance, requests_, made, with, 0), context.instance};
  ++requests_;
  auto& record = log_.records[request.call];
  record.user_data = user_data_of(ObjectKind::request, request.instance);
  keep(record, request_bytes(interface, step(request.step), arguments(request)));
  return request;
}

Recording::ListenerId Recording::begin_listen(ContextId context, With with) {
  auto made = step_of(Verb::listen, context.instance, with);
  made.defines = {ObjectKind::listener, listeners_ + 1};
  const auto id = with.id.value_or(++ids_);
  ListenerId listener{
      begin(Export::add_listener, context.instance, listeners_, made, with, static_cast<std::int64_t>(id)),
      context.instance, id};
  log_.records[listener.call].user_data = user_data_of(ObjectKind::listener, listeners_++);
  return listener;
}

Recording::CallId Recording::begin_remove(ListenerId listener, With with) {
  auto made = step_of(Verb::remove, listener.context, with);
  made.object = {ObjectKind::listener, listener.instance + 1};
  const auto call = begin(Export::remove_listener, listener.context, listener.instance, made, with, 0);
  log_.records[call.call].id = with.id.value_or(listener.id);
  return {call.call};
}

Recording::HostFunctionId Recording::begin_reg(ContextId context, With with) {
  auto made = step_of(Verb::reg, context.instance, with);
  made.defines = {ObjectKind::host_function, host_functions_ + 1};
  made.role = RoleName::call_host;
  HostFunctionId function{begin(Export::register_host_fn, context.instance, host_functions_, made, with, 0),
                          context.instance};
  log_.records[function.call].user_data = user_data_of(ObjectKind::host_function, host_functions_++);
  return function;
}

Recording::CallId Recording::begin_complete(HostCallId call, With with) {
  auto made = step_of(Verb::complete, call.context, with);
  made.object = {ObjectKind::host_function, call.function + 1};
  const auto entered = begin(Export::host_complete, call.context, call.function, made, with, 0);
  const auto text = with.misuse == Misuse::null_payload ? "" : make_text(step(entered.step).payload, entered.step);
  auto& record = log_.records[entered.call];
  record.id = with.id.value_or(call.id);
  record.result = with.code;
  keep(record, as_bytes(text));
  if (call.context >= 0) answers_[static_cast<std::size_t>(call.context)] = {with.code, text};
  return {entered.call};
}

Recording::CallId Recording::begin_destroy(ContextId context, With with) {
  return {begin(Export::destroy, context.instance, -1, step_of(Verb::destroy, context.instance, with), with, 0).call};
}

void Recording::leave(CallId call, std::optional<std::int64_t> result) {
  const auto by_default =
      std::find_if(results_.begin(), results_.end(), [&](auto& r) { return r.first == call.stamp; });
  const Record entered = log_.records[call.stamp];
  auto& record = append(RecordKind::call_returned, entered.thread);
  record.export_ = entered.export_;
  record.step = entered.step;
  record.context = entered.context;
  record.object = entered.object;
  record.partner = call.stamp;
  record.result = result.value_or(by_default->second);
}

void Recording::refuse(const Object& submission, const With& with, bool refused) {
  const int inline_errors = with.refusals.value_or(refused && with.misuse != Misuse::null_callback ? 1 : 0);
  for (int i = 0; i < inline_errors; ++i) refuse_inline(submission);
  leave(submission);
}

void Recording::refuse_inline(const Object& submission, Delivery delivery) {
  const Record call = log_.records[submission.call];
  const bool create = call.export_ == Export::create;
  if (!delivery.thread) delivery.thread = call.thread;
  leave(enter(create ? Entry::constructor : Entry::terminal, call.context, create ? -1 : submission.instance,
              submission.step, ret_err, as_bytes("refused"), delivery));
}

Recording::ContextId Recording::create(RoleName role, With with) {
  const auto context = create_only(role, with);
  if (with.result != 0) construct(context);
  return context;
}

Recording::ContextId Recording::create_only(RoleName role, With with) {
  const auto context = begin_create(role, with);
  refuse(context, with, with.result == 0);
  return context;
}

Recording::RequestId Recording::request(ContextId context, RoleName role, With with) {
  const auto request = begin_request(context, role, with);
  refuse(request, with, with.result.value_or(0) != 0);
  return request;
}

Recording::RequestId Recording::request_without_context(std::size_t proc, With with) {
  with.proc = proc;
  return request(ContextId{}, RoleName::create, with);
}

Recording::ListenerId Recording::listen(ContextId context, With with) {
  if (with.result == 0) with.id = 0;
  const auto listener = begin_listen(context, with);
  leave(listener);
  return listener;
}

Recording::CallId Recording::remove(ListenerId listener, With with) {
  const auto call = begin_remove(listener, with);
  leave(call);
  return call;
}

Recording::CallId Recording::remove_id(ContextId context, std::uint64_t id, With with) {
  auto made = step_of(Verb::remove, context.instance, with);
  made.index = static_cast<std::uint32_t>(id);
  const auto call = begin(Export::remove_listener, context.instance, -1, made, with, ret_err);
  log_.records[call.call].id = id;
  leave(call);
  return {call.call};
}

Recording::HostFunctionId Recording::reg(ContextId context, With with) {
  const auto function = begin_reg(context, with);
  leave(function);
  return function;
}

Recording::CallId Recording::unregister(ContextId context, With with) {
  auto made = step_of(Verb::unregister, context.instance, with);
  made.role = RoleName::call_host;
  const auto call = begin(Export::register_host_fn, context.instance, -1, made, with, ret_err);
  leave(call);
  return {call.call};
}

Recording::CallId Recording::complete(HostCallId host_call, With with) {
  const auto call = begin_complete(host_call, with);
  leave(call);
  return call;
}

Recording::CallId Recording::destroy(ContextId context, With with) {
  const auto call = begin_destroy(context, with);
  leave(call);
  return call;
}

}  // namespace ffi_cts
