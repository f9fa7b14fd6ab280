#include "harness/trace/host_calls.hpp"

#include <algorithm>
#include <unordered_map>

#include "harness/program/payload.hpp"

namespace ffi_cts {
namespace {

bool may_call_host(const Request& request) {
  return request.role == RoleName::call_host && request.context && request.misuse == Misuse::none &&
         request.call->handle_kind == HandleKind::own;
}

// Requests of one context that may still make a host call, in the order submitted.
struct Open {
  std::vector<Request*> requests;
  std::size_t next = 0;  // of those not submitted yet

  // From the `all` of the context, those that were submitted and not answered at that stamp.
  void advance(const std::vector<Request*>& all, Stamp at) {
    for (; next < all.size() && all[next]->call->entered < at; ++next)
      if (may_call_host(*all[next])) requests.push_back(all[next]);
    std::erase_if(requests, [&](const Request* r) { return r->reply() && r->reply()->entered < at; });
  }
};

// The one request that fits. None where several do: their payloads are alike.
Request* maker(const Trace& trace, const Callback& callback, const std::vector<Request*>& open) {
  for (const bool again : {false, true}) {  // a second call for a request is the last thing to think of
    Request* found = nullptr;
    for (Request* request : open) {
      if (request->host_calls.empty() == again || !trace.asks(callback, *request)) continue;
      if (found) return nullptr;
      found = request;
    }
    if (found) return found;
  }
  return nullptr;
}

// The answer's text, where the bytes hold one.
std::optional<std::string> answer_in(const Call& completion, HostEncoding encoding) {
  if (completion.payload.size() != completion.size) return std::nullopt;  // not kept whole
  if (completion.code == ret_ok && encoding == HostEncoding::cbor) {
    const auto item = decode(completion.payload).value;
    return item && item->text() ? std::optional(*item->text()) : std::nullopt;
  }
  return std::string(completion.payload.begin(), completion.payload.end());
}

void expect(Call& completion, Arguments arguments, const Role& role, HostEncoding encoding) {
  arguments.answer = answer_in(completion, encoding);
  if (!arguments.answer) return;
  if (completion.code == ret_ok && role.reply) completion.brings_reply = instantiate(*role.reply, arguments);
  if (completion.code != ret_ok && role.error) completion.brings_error = instantiate_text(*role.error, arguments);
}

}  // namespace

// By the pattern that the interface file gives; without one by the mark that the harness puts into its longer texts.
bool Trace::asks(const Callback& c, const Request& r) const {
  if (!c.host_function || !c.whole) return false;
  if (!r.host_payload) {
    const std::string_view passed(reinterpret_cast<const char*>(r.call->payload.data()), r.call->payload.size());
    const std::string mark = make_text({identifiable_size, 0}, r.instance).substr(0, identifiable_size - 2);
    return passed.find(mark) != std::string_view::npos && c.text().find(mark) != std::string_view::npos;
  }
  if (!r.raw_host_payload) return c.value && !mismatch(*r.host_payload, *c.value);
  if (r.host_payload->text()) return *r.host_payload->text() == c.text();
  return r.host_payload->bytes() && std::ranges::equal(*r.host_payload->bytes(), c.payload);
}

void link_host_calls(Trace& trace, const std::function<Arguments(const Request&)>& arguments,
                     const Interface& interface) {
  const Role* role = interface.role(RoleName::call_host);
  const HostFunctionType* host = role ? interface.host(role->host) : nullptr;
  if (!host) return;
  std::unordered_map<const Context*, Open> open;
  for (HostCall& call : trace.host_calls) {
    if (!call.context) continue;
    Open& here = open[call.context];
    here.advance(call.context->requests, call.callback->entered);
    call.request = maker(trace, *call.callback, here.requests);
    if (!call.request) continue;
    call.request->host_calls.push_back(&call);
    for (Call* completion : call.completions) {
      expect(*completion, arguments(*call.request), *role, host->encoding);
      if (call.request->call->native && completion->brings_reply)
        completion->brings_reply = as_c_delivers(interface, interface.procs[role->proc], std::move(*completion->brings_reply));
    }
  }
}

}  // namespace ffi_cts
