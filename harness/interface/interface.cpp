#include "harness/interface/interface.hpp"

#include <array>

namespace ffi_cts {
namespace {

constexpr std::array<std::string_view, role_count> role_names = {
    "create", "create_fail", "create_slow", "echo",      "delay", "fail",
    "empty",  "emit",        "emit_fail",   "call_host", "block", "progress"};

template <typename Named>
const Named* named(const std::vector<Named>& all, std::string_view name) {
  for (const auto& one : all) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

}  // namespace

std::string_view to_string(RoleName role) { return role_names[static_cast<std::size_t>(role)]; }

std::optional<RoleName> role_named(std::string_view name) {
  for (std::size_t i = 0; i < role_names.size(); ++i) {
    if (role_names[i] == name) return static_cast<RoleName>(i);
  }
  return std::nullopt;
}

const Proc* Interface::proc(std::string_view proc_name) const { return named(procs, proc_name); }

const HostFunctionType* Interface::host(std::string_view host_name) const { return named(hosts, host_name); }

std::vector<std::string> Interface::symbols() const {
  std::vector<std::string> out;
  const auto add = [&](const std::string& symbol) {
    if (!symbol.empty()) out.push_back(symbol);
  };
  add(constructor.symbols.native);
  add(constructor.symbols.cbor);
  for (const auto& one : procs) {
    add(one.symbols.native);
    add(one.symbols.cbor);
  }
  for (const auto* symbol : {&destroy, &add_event_listener, &remove_event_listener, &register_host_fn, &host_complete})
    add(*symbol);
  return out;
}

}  // namespace ffi_cts
