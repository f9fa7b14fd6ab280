#include "harness/trace/object_index.hpp"

#include <fmt/format.h>

#include "harness/program/payload.hpp"

namespace ffi_cts {
namespace {

template <typename T>
T* at(const std::vector<T*>& table, int instance) {
  return instance >= 0 && static_cast<std::size_t>(instance) < table.size() ? table[static_cast<std::size_t>(instance)] : nullptr;
}

template <typename T>
void put(std::vector<T*>& table, int instance, T* object) {
  if (instance < 0) return;
  if (table.size() <= static_cast<std::size_t>(instance)) table.resize(static_cast<std::size_t>(instance) + 1);
  table[static_cast<std::size_t>(instance)] = object;
}

}  // namespace

Context* ObjectIndex::context(int instance) const { return at(contexts_, instance); }

void ObjectIndex::make(Call& call, const Record& r, const Step* step) {
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

std::string ObjectIndex::name_of(const Step* step, const char* prefix) {
  int number = step ? step->defines.number : 0;
  int occurrence = ++occurrences_[{prefix[0], number}];
  return occurrence == 1 ? fmt::format("{}{}", prefix, number) : fmt::format("{}{}.{}", prefix, number, occurrence);
}

void ObjectIndex::make_context(Call& call, const Record& r, const Step* step) {
  Context& context = trace_.contexts.emplace_back();
  context.instance = r.context;
  context.name = name_of(step, "c");
  context.role = step ? step->role : RoleName::create;
  context.create = &call;
  call.context = &context;
  put(contexts_, r.context, &context);
  context_user_data_[&context] = r.user_data;
}

void ObjectIndex::make_request(Call& call, const Record& r, const Step* step) {
  Request& request = trace_.requests.emplace_back();
  request.instance = r.object;
  request.name = name_of(step, "r");
  request.call = &call;
  request.context = call.context;
  request.misuse = call.misuse;
  request.user_data = r.user_data;
  if (step && !step->proc && !drawn(step->misuse)) request.role = step->role;
  if (const Proc* proc = step ? called_proc(interface_, *step) : nullptr) request.proc = proc->name;
  call.request = &request;
  put(requests_, r.object, &request);
  if (request.context) request.context->requests.push_back(&request);
}

void ObjectIndex::make_listener(Call& call, const Record& r, const Step* step) {
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

void ObjectIndex::make_host_function(Call& call, const Record& r, const Step* step) {
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

void ObjectIndex::note_id(Listener& listener) { listener_ids_[{listener.context, listener.id}] = &listener; }

void ObjectIndex::attach(Callback& callback, const Record& r, const std::function<bool(const Call&)>& refused) {
  switch (r.entry) {
    case Entry::constructor:
      if (Context* context = at(contexts_, r.context)) {
        callback.context = callback.constructed = context;
        callback.expected_user_data = context_user_data_[context];
        callback.refusal = callback.within && callback.within == context->create && callback.code == ret_err && refused(*context->create);
        context->callbacks.push_back(&callback);
      }
      return;
    case Entry::terminal:
      if (Request* request = at(requests_, r.object)) {
        callback.request = request;
        callback.context = request->context;
        callback.expected_user_data = request->user_data;
        callback.refusal = callback.within && callback.within == request->call && callback.code == ret_err && refused(*request->call);
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

void ObjectIndex::attach_host_call(Callback& callback, HostFunction& fn) {
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

}  // namespace ffi_cts
