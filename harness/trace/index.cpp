#include "harness/trace/index.hpp"

#include <fmt/format.h>

#include <map>
#include <unordered_map>

#include "harness/program/payload.hpp"
#include "harness/trace/host_calls.hpp"

namespace ffi_cts {
namespace {

template <typename T>
T* at(std::vector<T*>& table, int instance) {
  return instance >= 0 && static_cast<std::size_t>(instance) < table.size() ? table[static_cast<std::size_t>(instance)] : nullptr;
}

template <typename T>
void put(std::vector<T*>& table, int instance, T* object) {
  if (instance < 0) return;
  if (table.size() <= static_cast<std::size_t>(instance)) table.resize(static_cast<std::size_t>(instance) + 1);
  table[static_cast<std::size_t>(instance)] = object;
}

// The pattern without the members that tell what the constructor was given.
Value without_ctor(const Value& pattern) {
  if (!pattern.map()) return pattern;
  Map out;
  for (const auto& [key, value] : *pattern.map())
    if (!value.text() || value.text()->find("$ctor.") == std::string::npos) out.emplace_back(key, without_ctor(value));
  return out;
}

class Indexer {
 public:
  Indexer(Log log, const Program& program, const Interface& interface) : program_(program), interface_(interface) {
    trace_.ending = std::move(log.ending);
    trace_.loading = std::move(log.loading);
    trace_.contract = interface.contract;
    trace_.signal_storm = program.signal_storm;
    trace_.fresh_threads = program.fresh_threads;
    for (const EventType& event : interface.events) trace_.declared_events.push_back(event.name);
    trace_.storage.push_back(std::move(log.arena));
    arena_ = trace_.storage.back();
    records_ = std::move(log.records);
    trace_.end = records_.size();
    collect(program_.steps);
  }

  Trace run() {
    for (Stamp stamp = 0; stamp < records_.size(); ++stamp)
      if (records_[stamp].written) record(stamp, records_[stamp]);
    for (Request& request : trace_.requests) expect(request);
    link_host_calls(trace_, [this](const Request& request) { return role_arguments(request); }, interface_);
    for (Context& context : trace_.contexts) expect(context);
    note_submitters_gone();
    return std::move(trace_);
  }

 private:
  struct Running {  // one thread's stack, innermost last
    std::vector<std::pair<Call*, Callback*>> frames;
  };

  void collect(const std::vector<Step>& steps) {
    for (const Step& step : steps) {
      if (static_cast<std::size_t>(step.id) >= steps_.size()) steps_.resize(static_cast<std::size_t>(step.id) + 1);
      steps_[static_cast<std::size_t>(step.id)] = &step;
      collect(step.body);
    }
  }
  const Step* step_of(int id) const { return id > 0 && static_cast<std::size_t>(id) < steps_.size() ? steps_[static_cast<std::size_t>(id)] : nullptr; }

  void record(Stamp stamp, const Record& r) {
    switch (r.kind) {
      case RecordKind::call_entered: return call_entered(stamp, r);
      case RecordKind::call_returned: return call_returned(stamp, r);
      case RecordKind::callback_entered: return callback_entered(stamp, r);
      case RecordKind::callback_left: return callback_left(stamp, r);
      case RecordKind::wait_begun:
        wait_at_[stamp] = trace_.waits.size();
        trace_.waits.push_back({stamp, never, r.step});
        return;
      case RecordKind::wait_over:
        if (auto it = wait_at_.find(r.partner); it != wait_at_.end()) {
          trace_.waits[it->second].over = stamp;
          trace_.waits[it->second].given_up = r.result == 1;
          trace_.waits[it->second].starved = r.result == 3;
        }
        return;
      case RecordKind::census:
        trace_.censuses.push_back({stamp, r.id, r.size});
        return;
      case RecordKind::none:
      case RecordKind::skipped:
        return;
    }
  }

  ByteView payload(const Record& r) const {
    if (r.offset > arena_.size() || r.kept > arena_.size() - r.offset) return {};
    return arena_.subspan(r.offset, r.kept);
  }

  void call_entered(Stamp stamp, const Record& r) {
    Call& call = trace_.calls.emplace_back();
    const Step* step = step_of(r.step);
    call.export_ = r.export_;
    call.entered = stamp;
    call.entered_ns = r.clock_ns;
    call.thread = r.thread;
    call.step = r.step;
    call.id = r.id;
    call.first_of_thread = (r.first & first_of_thread) != 0;
    call.first_of_process = (r.first & first_of_process) != 0;
    call.payload = payload(r);
    call.pointer = r.pointer;
    call.size = r.size;
    call.code = static_cast<int>(r.result);
    call.context = at(contexts_, r.context);
    if (step) {
      call.misuse = step->misuse;
      // Which it was when the call entered, the stamps tell.
      const bool a_context = step->handle == HandleKind::dead || step->handle == HandleKind::other;
      call.handle_kind = a_context ? HandleKind::own : step->handle;
    }
    auto& frames = running_[r.thread].frames;
    for (auto it = frames.rbegin(); it != frames.rend() && !call.inside; ++it)
      if (it->second && !it->second->refusal) call.inside = it->second;
    open_[stamp] = &call;
    frames.push_back({&call, nullptr});
    make_object(call, r, step);
  }

  void make_object(Call& call, const Record& r, const Step* step) {
    switch (call.export_) {
      case Export::create: return make_context(call, r, step);
      case Export::request: return make_request(call, r, step);
      case Export::add_listener: return make_listener(call, r, step);
      case Export::register_host_fn: return make_host_function(call, r, step);
      case Export::destroy:
        if (call.context) call.context->destroys.push_back(&call);
        return;
      case Export::remove_listener: {
        auto it = listener_ids_.find({call.context, r.id});
        if (it != listener_ids_.end()) {
          call.listener = it->second;
          if (call.handle_kind == HandleKind::own) it->second->removes.push_back(&call);
        }
        return;
      }
      case Export::host_complete: {
        auto it = host_call_ids_.find({call.context, r.id});
        if (it != host_call_ids_.end()) {
          call.host_call = it->second;
          if (call.handle_kind == HandleKind::own) it->second->completions.push_back(&call);
        }
        return;
      }
      case Export::none: return;
    }
  }

  std::string name_of(const Step* step, const char* prefix) {
    int number = step ? step->defines.number : 0;
    int occurrence = ++occurrences_[{prefix[0], number}];
    return occurrence == 1 ? fmt::format("{}{}", prefix, number) : fmt::format("{}{}.{}", prefix, number, occurrence);
  }

  void make_context(Call& call, const Record& r, const Step* step) {
    Context& context = trace_.contexts.emplace_back();
    context.instance = r.context;
    context.name = name_of(step, "c");
    context.role = step ? step->role : RoleName::create;
    context.create = &call;
    call.context = &context;
    put(contexts_, r.context, &context);
    context_user_data_[&context] = r.user_data;
    context_steps_[&context] = step;
  }

  void make_request(Call& call, const Record& r, const Step* step) {
    Request& request = trace_.requests.emplace_back();
    request.instance = r.object;
    request.name = name_of(step, "r");
    request.call = &call;
    request.context = call.context;
    request.misuse = call.misuse;
    request.user_data = r.user_data;
    if (step && !step->proc) request.role = step->role;
    call.request = &request;
    put(requests_, r.object, &request);
    if (request.context) request.context->requests.push_back(&request);
  }

  void make_listener(Call& call, const Record& r, const Step* step) {
    Listener& listener = trace_.listeners.emplace_back();
    listener.instance = r.object;
    listener.name = name_of(step, "l");
    listener.add = &call;
    listener.context = call.context;
    listener.user_data = r.user_data;
    if (step) {
      listener.name_kind = step->name;
      listener.event = event_name(interface_, *step).value_or("");
      listener.shares_function = step->same_function;
    }
    listener.shares_function |= (r.first & shared_function) != 0;
    call.listener = &listener;
    put(listeners_, r.object, &listener);
    if (listener.context) {
      if (listener.shares_function && !listener.context->listeners.empty()) listener.context->listeners.back()->shares_function = true;
      listener.context->listeners.push_back(&listener);
    }
  }

  void make_host_function(Call& call, const Record& r, const Step* step) {
    HostFunction& fn = trace_.host_functions.emplace_back();
    fn.instance = r.object;
    fn.name = name_of(step, "h");
    fn.call = &call;
    fn.context = call.context;
    fn.user_data = r.user_data;
    fn.unregisters = step && (step->verb == Verb::unregister || step->misuse == Misuse::null_callback);
    if (step) {
      fn.name_kind = step->name;
      fn.function = host_function_name(interface_, *step).value_or("");
    }
    call.host_function = &fn;
    put(host_functions_, r.object, &fn);
    if (fn.context) fn.context->host_functions.push_back(&fn);
  }

  void call_returned(Stamp stamp, const Record& r) {
    auto it = open_.find(r.partner);
    if (it == open_.end()) return;
    Call& call = *it->second;
    open_.erase(it);
    call.returned = stamp;
    call.returned_ns = r.clock_ns;
    call.result = r.result;
    leave(r.thread, &call, nullptr);
    if (call.export_ == Export::create) call.context->handle = static_cast<std::uint64_t>(r.result);
    if (call.export_ == Export::add_listener && r.result != 0) {
      call.listener->id = static_cast<std::uint64_t>(r.result);
      listener_ids_[{call.listener->context, call.listener->id}] = call.listener;
    }
  }

  // Is a callback that enters now the inline RET_ERR of the refused submission that runs on its thread? Known only from what
  // that call returns later, so look ahead.
  bool refused_by(const Call& call) const {
    if (call.export_ != Export::request && call.export_ != Export::create) return false;
    for (Stamp stamp = call.entered + 1; stamp < records_.size(); ++stamp) {
      const Record& r = records_[stamp];
      if (!r.written || r.kind != RecordKind::call_returned || r.partner != call.entered) continue;
      return call.export_ == Export::create ? r.result == 0 : r.result != 0;
    }
    return false;
  }

  void callback_entered(Stamp stamp, const Record& r) {
    Callback& callback = trace_.callbacks.emplace_back();
    callback.entered = stamp;
    callback.entered_ns = r.clock_ns;
    callback.thread = r.thread;
    callback.entry = r.entry;
    callback.code = static_cast<int>(r.result);
    callback.pointer = r.pointer;
    callback.size = r.size;
    callback.payload = payload(r);
    callback.whole = r.kept == r.size;
    callback.user_data = r.user_data;
    callback.call_id = r.id;
    callback.stack_used = r.handle;
    callback.step = r.step;
    hashes_[stamp] = r.hash;
    auto& frames = running_[r.thread].frames;
    for (auto it = frames.rbegin(); it != frames.rend(); ++it) {
      if (it->first && !callback.within) callback.within = it->first;
      if (it->second && !callback.inside) callback.inside = it->second;
    }
    if (!frames.empty() && frames.back().first) {
      frames.back().first->callbacks.push_back(&callback);
    }
    frames.push_back({nullptr, &callback});
    open_callbacks_[stamp] = &callback;
    attach(callback, r);
    decode_payload(callback);
  }

  void decode_payload(Callback& callback) const {
    if (!callback.whole || callback.payload.empty()) return;
    bool item = callback.entry == Entry::listener || callback.entry == Entry::stray || callback.entry == Entry::terminal || callback.entry == Entry::constructor;
    if (callback.entry == Entry::host_fn) item = encoding() == HostEncoding::cbor;
    if (item && callback.code == ret_ok) callback.value = decode(callback.payload).value;
  }

  void attach(Callback& callback, const Record& r) {
    switch (r.entry) {
      case Entry::constructor:
        if (Context* context = at(contexts_, r.context)) {
          callback.context = callback.constructed = context;
          callback.expected_user_data = context_user_data_[context];
          callback.refusal = callback.within && callback.within == context->create && callback.code == ret_err && refused_by(*context->create);
          context->callbacks.push_back(&callback);
        }
        return;
      case Entry::terminal:
        if (Request* request = at(requests_, r.object)) {
          callback.request = request;
          callback.context = request->context;
          callback.expected_user_data = request->user_data;
          callback.refusal = callback.within && callback.within == request->call && callback.code == ret_err && refused_by(*request->call);
          request->callbacks.push_back(&callback);
        }
        return;
      case Entry::listener:
        if (Listener* listener = at(listeners_, r.object)) {
          callback.listener = listener;
          callback.context = listener->context;
          callback.expected_user_data = listener->user_data;
          listener->callbacks.push_back(&callback);
        }
        return;
      case Entry::host_fn:
        if (HostFunction* fn = at(host_functions_, r.object)) attach_host_call(callback, *fn);
        return;
      case Entry::none:
      case Entry::stray:
        return;
    }
  }

  void attach_host_call(Callback& callback, HostFunction& fn) {
    callback.host_function = &fn;
    callback.context = fn.context;
    callback.expected_user_data = fn.user_data;
    HostCall& call = trace_.host_calls.emplace_back();
    callback.host_call = &call;
    call.name = fmt::format("{}.{}", fn.name, fn.calls.size());
    call.function = &fn;
    call.context = fn.context;
    call.callback = &callback;
    call.id = callback.call_id;
    host_call_ids_[{fn.context, call.id}] = &call;
    fn.calls.push_back(&call);
    if (fn.context) fn.context->host_calls.push_back(&call);
  }

  void callback_left(Stamp stamp, const Record& r) {
    auto it = open_callbacks_.find(r.partner);
    if (it == open_callbacks_.end()) return;
    it->second->left = stamp;
    it->second->left_ns = r.clock_ns;
    it->second->changed = hashes_[r.partner] != r.hash;
    it->second->stalled = r.result == 1;
    if (it->second->stalled) it->second->stalled_at = r.id;
    leave(r.thread, nullptr, it->second);
    open_callbacks_.erase(it);
  }

  // Of what call_host's host function is called with, and answers.
  HostEncoding encoding() const {
    const Role* role = interface_.role(RoleName::call_host);
    const HostFunctionType* host = role ? interface_.host(role->host) : nullptr;
    return host ? host->encoding : HostEncoding::raw;
  }

  void leave(std::uint32_t thread, const Call* call, const Callback* callback) {
    auto& frames = running_[thread].frames;
    while (!frames.empty()) {
      auto top = frames.back();
      frames.pop_back();
      if (top.first == call && top.second == callback) return;
    }
  }

  Value ctor_value(const Context& context) {
    const Step* step = context_steps_[&context];
    if (!step) return {};
    return request_value(interface_, *step, arguments_of(*step, context.instance, {})).value_or(Value{});
  }

  void expect(Context& context) {
    const Step* step = context_steps_[&context];
    const Role* role = interface_.role(context.role);
    if (step && role && role->error && step->misuse == Misuse::none)
      context.expected_error = instantiate_text(*role->error, arguments_of(*step, context.instance, {}));
  }

  Arguments role_arguments(const Request& request) {
    const Value ctor = request.context ? ctor_value(*request.context) : Value{};
    return arguments_of(*step_of(request.call->step), request.instance, ctor);
  }

  void expect(Request& request) {
    const Step* step = step_of(request.call->step);
    const Role* role = request.role ? interface_.role(*request.role) : nullptr;
    // A request without a callback is well-formed: what it must not do can be told by its payload.
    bool plain = request.misuse == Misuse::none || request.misuse == Misuse::null_callback;
    if (!step || !role || !request.context || !plain || request.call->handle_kind != HandleKind::own) return;
    Arguments arguments = role_arguments(request);
    if (role->reply) request.expected_reply = instantiate(*role->reply, arguments);
    if (role->reply) request.expected_echo = instantiate(without_ctor(*role->reply), arguments);
    request.identifiable = step->payload.size >= identifiable_size;
    request.expects_no_value = request.role == RoleName::empty;
    if (request.role == RoleName::call_host) {
      request.host_function = role->host;
      request.raw_host_payload = encoding() == HostEncoding::raw;
      request.hands_errors_on = role->error && role->error->find("$answer") != std::string::npos;
      if (role->payload) request.host_payload = instantiate(*role->payload, arguments);
    }
    if (request.role == RoleName::fail && role->error) request.expected_error = instantiate_text(*role->error, arguments);
    if (request.role == RoleName::emit || request.role == RoleName::emit_fail) {
      request.emits = request.role == RoleName::emit ? step->count : 1;
      request.event = role->event;
      if (role->payload) request.event_payload = instantiate(*role->payload, arguments);
      request.identifiable = request.identifiable && request.event_payload;
    }
  }

  // A host thread of a fresh_threads program ends with its last call outside callbacks.
  void note_submitters_gone() {
    if (!program_.fresh_threads) return;
    std::map<std::uint32_t, Stamp> last;
    for (const Call& call : trace_.calls)
      if (call.thread < max_threads && call.step != 0) last[call.thread] = call.returned;
    for (Request& request : trace_.requests) {
      auto it = last.find(request.call->thread);
      request.submitter_gone = it != last.end() && request.reply() && it->second < request.reply()->entered;
    }
  }

  const Program& program_;
  const Interface& interface_;
  Trace trace_;
  std::vector<Record> records_;
  ByteView arena_;
  std::vector<const Step*> steps_;
  std::map<std::uint32_t, Running> running_;
  std::unordered_map<Stamp, Call*> open_;
  std::unordered_map<Stamp, Callback*> open_callbacks_;
  std::unordered_map<Stamp, std::uint64_t> hashes_;
  std::unordered_map<Stamp, std::size_t> wait_at_;
  std::map<std::pair<char, int>, int> occurrences_;
  std::vector<Context*> contexts_;
  std::vector<Request*> requests_;
  std::vector<Listener*> listeners_;
  std::vector<HostFunction*> host_functions_;
  // Ids are one context's own (that they are the process's own is a SHOULD).
  std::map<std::pair<const Context*, std::uint64_t>, Listener*> listener_ids_;
  std::map<std::pair<const Context*, std::uint64_t>, HostCall*> host_call_ids_;
  std::unordered_map<const Context*, std::uint64_t> context_user_data_;
  std::unordered_map<const Context*, const Step*> context_steps_;
};

}  // namespace

Trace index(Log log, const Program& program, const Interface& interface) {
  return Indexer(std::move(log), program, interface).run();
}

bool Trace::carries(const Callback& c, const Request& r) const {
  if (!c.listener || !c.value || !r.identifiable || !r.event_payload || c.context != r.context) return false;
  const Value* type = c.value->find("eventType");
  const Value* payload = c.value->find("payload");
  return type && payload && type->text() && *type->text() == r.event && !mismatch(*r.event_payload, *payload);
}

}  // namespace ffi_cts
