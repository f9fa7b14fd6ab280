// [roles.*]: which proc plays which part for the harness.
#include <algorithm>

#include "harness/interface/parts.hpp"
#include "harness/interface/template.hpp"

namespace ffi_cts {
namespace {

bool is_create(RoleName role) {
  return role == RoleName::create || role == RoleName::create_fail || role == RoleName::create_slow;
}

void only_keys_of(RoleName role, const Table& table) {
  switch (role) {
    case RoleName::create:
    case RoleName::create_slow: return table.only({"request"});
    case RoleName::create_fail: return table.only({"request", "error"});
    case RoleName::emit:
    case RoleName::emit_fail: return table.only({"proc", "request", "reply", "error", "event", "payload"});
    case RoleName::call_host: return table.only({"proc", "request", "reply", "error", "host", "payload"});
    default: return table.only({"proc", "request", "reply", "error"});
  }
}

class RoleReader {
 public:
  RoleReader(const std::string& file, const Interface& interface, RoleName name, const Table& table)
      : file_(file), interface_(interface), name_(name), table_(table) {}

  Role read() const {
    only_keys_of(name_, table_);
    Role out;
    const Proc* proc = &interface_.constructor;
    if (!is_create(name_)) {
      const auto names = names_of(interface_.procs);
      out.proc = index_of("proc", names);
      proc = &interface_.procs[out.proc];
    }
    out.request = read_request(*proc);
    out.reply = read_template("reply", {.answer = name_ == RoleName::call_host});
    if (const auto error = table_.optional_nonempty_text("error")) {
      check_templates("error", {.answer = name_ == RoleName::call_host});
      out.error = error;
    }
    if (name_ == RoleName::emit || name_ == RoleName::emit_fail) {
      out.event = interface_.events[index_of("event", names_of(interface_.events))].name;
      out.payload = read_template("payload", {});
    }
    if (name_ == RoleName::call_host) {
      out.host = interface_.hosts[index_of("host", names_of(interface_.hosts))].name;
      out.payload = read_template("payload", {});
    }
    return out;
  }

 private:
  template <typename Named>
  static std::vector<std::string> names_of(const std::vector<Named>& all) {
    std::vector<std::string> names;
    for (const auto& one : all) names.push_back(one.name);
    return names;
  }

  // The value of the key is one of the names.
  std::size_t index_of(std::string_view key, const std::vector<std::string>& names) const {
    const std::string name = table_.text(key);
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
      table_.fail(key, "no " + std::string(key) + " is called \"" + name + "\"" + suggestion(name, names));
    return static_cast<std::size_t>(found - names.begin());
  }

  Value read_request(const Proc& proc) const {
    const auto request = table_.table("request");
    if (!request) {
      if (!proc.params.empty()) table_.fail("request", "missing: " + proc.name + " has parameters");
      return Map{};
    }
    // A role that is meant to fail may well send what the library does not know.
    if (name_ != RoleName::fail && name_ != RoleName::create_fail) {
      for (const auto& entry : request->entries()) {
        const auto names = names_of(proc.params);
        if (std::find(names.begin(), names.end(), entry.key) == names.end())
          request->fail(entry.key, proc.name + " has no such parameter" + suggestion(entry.key, names));
      }
    }
    return *read_template("request", {});
  }

  std::optional<Value> read_template(std::string_view key, PlaceholderScope scope) const {
    const auto* entry = table_.find(key);
    if (!entry) return std::nullopt;
    check_templates(key, scope);
    return toml_tree::to_value(entry->value);
  }

  void check_templates(std::string_view key, PlaceholderScope scope) const {
    scope.ctor = !is_create(name_) || key != "request";
    scope.whole = key != "error";
    check_node(table_.find(key)->value, table_.join(key), scope);
  }

  void check_node(const toml_tree::Node& node, const std::string& path, PlaceholderScope scope) const {
    if (const auto* text = node.text()) {
      if (const auto mistake = placeholder_mistake(*text, scope)) toml_tree::fail(file_, node.line, path, *mistake);
    }
    if (const auto* array = node.array()) {
      for (const auto& item : *array) check_node(item, path, scope);
    }
    if (const auto* entries = node.entries()) {
      for (const auto& entry : *entries) check_node(entry.value, path + "." + entry.key, scope);
    }
  }

  const std::string& file_;
  const Interface& interface_;
  RoleName name_;
  const Table& table_;
};

}  // namespace

void read_roles(const Table& root, Interface& out) {
  const auto roles = root.table("roles");
  if (!roles) return;
  std::vector<std::string> known;
  for (int i = 0; i < role_count; ++i) known.emplace_back(to_string(static_cast<RoleName>(i)));
  for (const auto& entry : roles->entries()) {
    const auto name = role_named(entry.key);
    if (!name) roles->fail(entry.key, "unknown role" + suggestion(entry.key, known));
    const Table table = *roles->table(entry.key);
    out.roles.emplace(*name, RoleReader(out.file, out, *name, table).read());
  }
}

}  // namespace ffi_cts
