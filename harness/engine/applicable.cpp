#include <fmt/format.h>

#include "harness/engine/engine.hpp"

namespace ffi_cts {
namespace {

bool has_contract(const Interface& interface, std::string_view key) {
  if (key == "wildcard") return interface.contract.wildcard;
  if (key == "host_calls") return interface.contract.host_calls && !interface.hosts.empty() && !interface.register_host_fn.empty();
  if (key == "native") return interface.contract.native;
  if (key == "max_contexts") return interface.contract.max_contexts.has_value();
  return true;  // callbacks: every interface says one or the other
}

bool has_export(const Interface& interface, std::string_view name) {
  if (name == "add_event_listener") return !interface.add_event_listener.empty();
  if (name == "remove_event_listener") return !interface.remove_event_listener.empty();
  if (name == "register_host_fn") return !interface.register_host_fn.empty();
  if (name == "host_complete") return !interface.host_complete.empty();
  return true;
}

bool met(const spec::Need& need, std::string_view name, const Interface& interface) {
  switch (need.kind) {
    case spec::NeedKind::role: {
      auto role = role_named(name);
      const Role* found = role ? interface.role(*role) : nullptr;
      bool creates = role && (*role == RoleName::create || *role == RoleName::create_fail || *role == RoleName::create_slow);
      return found && (creates || !interface.procs[found->proc].symbols.cbor.empty());
    }
    case spec::NeedKind::contract: return has_contract(interface, name);
    case spec::NeedKind::export_: return has_export(interface, name);
    case spec::NeedKind::event: return !interface.events.empty();
    case spec::NeedKind::proc:
      for (const Proc& proc : interface.procs)
        if (proc.context && !proc.symbols.cbor.empty()) return true;
      return false;
  }
  return false;
}

}  // namespace

std::optional<std::string> not_applicable(const spec::Rule& rule, const Interface& interface) {
  if (!interface.role(RoleName::create)) return "the interface file has no role create";
  for (const spec::Need& need : rule.need_list) {
    bool any = need.any_of.empty() && met(need, {}, interface);
    std::string names;
    for (std::string_view name : need.any_of) {
      any = any || met(need, name, interface);
      names += (names.empty() ? "" : " or ") + std::string(name);
    }
    if (!any) return fmt::format("needs {} {}", spec::to_string(need.kind), names);
  }
  return std::nullopt;
}

}  // namespace ffi_cts
