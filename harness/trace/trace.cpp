#include "harness/trace/trace.hpp"

#include <algorithm>

namespace ffi_cts {

Call* Context::destroyed() const {
  for (Call* call : destroys)
    if (call->finished() && call->result == ret_ok) return call;
  return nullptr;
}

Callback* Context::constructor() const {
  for (Callback* callback : callbacks)
    if (callback->terminal()) return callback;
  return nullptr;
}

std::vector<Callback*> Request::terminal_callbacks() const {
  std::vector<Callback*> out;
  for (Callback* callback : callbacks)
    if (callback->terminal()) out.push_back(callback);
  return out;
}

Callback* Request::reply() const {
  for (Callback* callback : callbacks)
    if (callback->terminal()) return callback;
  return nullptr;
}

Call* Listener::removed() const {
  for (Call* call : removes)
    if (call->finished() && call->result == 0) return call;
  return nullptr;
}

std::vector<const Call*> Trace::running_calls() const {
  std::vector<const Call*> out;
  for (const Call& call : calls)
    if (!call.finished()) out.push_back(&call);
  return out;
}

const Callback* Trace::stray() const {
  for (const Callback& callback : callbacks)
    if (callback.entry == Entry::stray) return &callback;
  return nullptr;
}

bool destroyed_before(const Context& context, const Call& call) {
  const Call* destroy = context.destroyed();
  return destroy && destroy->returned < call.entered;
}

bool destroy_begun_before(const Context& context, Stamp s) {
  for (const Call* destroy : context.destroys)
    if (destroy->entered < s) return true;
  return false;
}

std::uint64_t Trace::duration_ns() const {
  std::uint64_t last = 0;
  for (const Call& call : calls) last = std::max(last, call.finished() ? call.returned_ns : call.entered_ns);
  return calls.empty() ? 0 : last - std::min(last, calls.front().entered_ns);
}

}  // namespace ffi_cts
