#include <fmt/format.h>

#include <algorithm>

#include "harness/engine/engine.hpp"
#include "harness/interface/native.hpp"
#include "harness/interface/template.hpp"

namespace ffi_cts {
namespace {

bool has_contract(const Interface& interface, std::string_view key) {
  if (key == "wildcard") return interface.contract.wildcard;
  if (key == "host_calls") return interface.contract.host_calls && !interface.hosts.empty() && !interface.register_host_fn.empty();
  if (key == "max_contexts") return interface.contract.max_contexts.has_value();
  return true;  // callbacks: every interface says one or the other
}

bool can_be_called(const Proc& proc) { return proc.native || !proc.symbols.cbor.empty(); }

// spec/README.md has these names.
bool has_native(const Interface& interface, std::string_view name) {
  const native::View view(interface);
  const Role* call_host = interface.role(RoleName::call_host);
  for (std::size_t i = 0; i < interface.procs.size(); ++i) {
    const native::Signature* signature = view.proc(i);
    if (!interface.procs[i].context || !signature) continue;
    const bool in_cbor = !interface.procs[i].symbols.cbor.empty();
    const auto& returns = signature->returns;
    const bool text = returns && (returns->kind == native::Kind::text || returns->kind == native::Kind::bytes);
    if (name == "call" && in_cbor) return true;
    const bool points = std::ranges::any_of(signature->params, native::holds_pointer, &native::Field::type);
    if (name == "pointer" && points) return true;
    if (name == "value" && returns && !text) return true;
    if (name == "empty" && in_cbor && points) return true;
    if (name == "text" && call_host && call_host->proc == i && returns && returns->kind == native::Kind::text) return true;
  }
  return false;
}

bool has_export(const Interface& interface, std::string_view name) {
  if (name == "add_event_listener") return !interface.add_event_listener.empty();
  if (name == "remove_event_listener") return !interface.remove_event_listener.empty();
  if (name == "register_host_fn") return !interface.register_host_fn.empty();
  if (name == "host_complete") return !interface.host_complete.empty();
  return true;
}

bool met(const spec::Need& need, std::string_view name, const Interface& interface, Sanitizer watched_by) {
  switch (need.kind) {
    case spec::NeedKind::role: {
      auto role = role_named(name);
      const Role* found = role ? interface.role(*role) : nullptr;
      bool creates = role && (*role == RoleName::create || *role == RoleName::create_fail || *role == RoleName::create_slow);
      return found && (creates || can_be_called(interface.procs[found->proc]));
    }
    case spec::NeedKind::contract: return has_contract(interface, name);
    case spec::NeedKind::export_: return has_export(interface, name);
    case spec::NeedKind::native: return has_native(interface, name);
    case spec::NeedKind::worker: return name == worker_word(watched_by);
    case spec::NeedKind::peer: return false;
    case spec::NeedKind::event: return !interface.events.empty();
    case spec::NeedKind::burst: {
      const Role* emit = interface.role(RoleName::emit);
      return emit && ffi_cts::holds(emit->request, "count");
    }
    case spec::NeedKind::proc:
      for (const Proc& proc : interface.procs)
        if (proc.context && can_be_called(proc)) return true;
      return false;
  }
  return false;
}

}  // namespace

std::optional<std::string> not_applicable(const spec::Rule& rule, const Interface& interface, Sanitizer watched_by) {
  if (!interface.role(RoleName::create)) return "the interface file has no role create";
  for (const spec::Need& need : rule.need_list) {
    bool any = need.any_of.empty() && met(need, {}, interface, watched_by);
    std::string names;
    for (std::string_view name : need.any_of) {
      any = any || met(need, name, interface, watched_by);
      names += (names.empty() ? "" : " or ") + std::string(name);
    }
    if (!any && need.kind == spec::NeedKind::worker)
      return fmt::format("needs --worker {}{}", names, names == "tsan" ? " and a library built with ThreadSanitizer" : "");
    if (!any) return fmt::format("needs {}{}{}", spec::to_string(need.kind), names.empty() ? "" : " ", names);
  }
  return std::nullopt;
}

}  // namespace ffi_cts
