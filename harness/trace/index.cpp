#include "harness/trace/index.hpp"

#include <map>
#include <unordered_map>

#include "harness/program/payload.hpp"
#include "harness/trace/expectations.hpp"
#include "harness/trace/host_calls.hpp"
#include "harness/trace/object_index.hpp"
#include "harness/trace/types.hpp"

namespace ffi_cts {
namespace {

class Indexer {
 public:
  Indexer(Log log, const Program& program, const Interface& interface) : program_(program), interface_(interface) {
    trace_.ending = std::move(log.ending);
    trace_.loading = std::move(log.loading);
    trace_.watched_by = log.watched_by;
    trace_.library = std::move(log.library);
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
    forget_roles(trace_);
    const Expectations expectations(steps_, interface_);
    for (Request& request : trace_.requests) expectations.of(request);
    link_host_calls(trace_, [&](const Request& request) { return expectations.role_arguments(request); }, interface_);
    for (Context& context : trace_.contexts) expectations.of(context);
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
        if (const Census census{stamp, r.id, r.size, r.pointer, r.handle}; r.result == 0) trace_.censuses.push_back(census);
        else trace_.last_look = census;
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
    const Step* step = step_of(steps_, r.step);
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
    call.guarded = (r.first & guarded) != 0;
    call.size = r.size;
    call.code = static_cast<int>(r.result);
    call.context = objects_.context(r.context);
    if (step) {
      call.misuse = step->misuse;
      if (goes_native(interface_, *step)) call.native = r.first & plain_form ? NativeForm::plain : step->native.value_or(NativeForm::plain);
      // Which it was when the call entered, the stamps tell.
      const bool a_context = step->handle == HandleKind::dead || step->handle == HandleKind::other;
      call.handle_kind = a_context ? HandleKind::own : step->handle;
    }
    auto& frames = running_[r.thread].frames;
    for (auto it = frames.rbegin(); it != frames.rend() && !call.inside; ++it)
      if (it->second && !it->second->refusal) call.inside = it->second;
    open_[stamp] = &call;
    frames.push_back({&call, nullptr});
    objects_.make(call, r, step);
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
      objects_.note_id(*call.listener);
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
    objects_.attach(callback, r, [this](const Call& call) { return refused_by(call); });
    read_native(callback, r);
    decode_payload(callback);
    callback.schema_mismatch = type_mismatch(callback, callback.request ? step_of(steps_, callback.request->call->step) : nullptr, interface_);
  }

  static void read_native(Callback& callback, const Record& r) {
    const Call* call = callback.request ? callback.request->call : callback.constructed ? callback.constructed->create : nullptr;
    callback.native = call && call->native && callback.code == ret_ok;
    callback.misaligned = (r.first & misaligned) != 0;
    if (r.first & native_fault) callback.fault = callback.text();
  }

  void decode_payload(Callback& callback) const {
    if (!callback.whole || callback.payload.empty() || !callback.fault.empty()) return;
    bool item = callback.entry == Entry::listener || callback.entry == Entry::stray || callback.entry == Entry::terminal || callback.entry == Entry::constructor;
    if (callback.entry == Entry::host_fn) {
      const HostFunctionType* host = callback.host_function ? interface_.host(callback.host_function->function) : nullptr;
      item = (host ? host->encoding : host_encoding(interface_)) == HostEncoding::cbor;
    }
    if (item && callback.code == ret_ok) callback.value = decode(callback.payload).value;
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

  void leave(std::uint32_t thread, const Call* call, const Callback* callback) {
    auto& frames = running_[thread].frames;
    while (!frames.empty()) {
      auto top = frames.back();
      frames.pop_back();
      if (top.first == call && top.second == callback) return;
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
  ObjectIndex objects_{trace_, interface_};
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
