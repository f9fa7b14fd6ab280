// Which symbols a library exports: the names by rule, then where [symbols] departs from them.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/interface/parts.hpp"

namespace ffi_cts {
namespace {

// The exports that are neither the constructor nor a proc, by their key in [symbols].
struct Fixed {
  const char* key;
  std::string Interface::*symbol;
};
constexpr Fixed fixed_symbols[] = {
    {"destroy", &Interface::destroy},
    {"add_event_listener", &Interface::add_event_listener},
    {"remove_event_listener", &Interface::remove_event_listener},
    {"register_host_fn", &Interface::register_host_fn},
    {"host_complete", &Interface::host_complete},
};

void name_by_rule(Interface& out, const std::string& destructor) {
  const auto symbol = [&](const std::string& name) { return out.name + "_" + name; };
  const auto name_variants = [&](Proc& proc) {
    proc.symbols.native = out.contract.native ? symbol(proc.name) : "";
    proc.symbols.cbor = symbol(proc.name) + "_cbor";
  };
  name_variants(out.constructor);
  for (auto& proc : out.procs) name_variants(proc);
  out.destroy = symbol(destructor);
  if (!out.events.empty()) {
    out.add_event_listener = symbol("add_event_listener");
    out.remove_event_listener = symbol("remove_event_listener");
  }
  if (out.contract.host_calls && !out.hosts.empty()) {
    out.register_host_fn = symbol("register_host_fn");
    out.host_complete = symbol("host_complete");
  }
}

std::optional<std::string> read_symbol(const Table& table, std::string_view key) {
  auto symbol = table.optional_text(key);
  if (symbol && !symbol->empty() && !is_identifier(*symbol))
    table.fail(key, "\"" + *symbol + "\" is not a C symbol");
  return symbol;
}

void override_variants(const Table& symbols, const std::string& key, Interface& out, Proc& proc) {
  const Table table = *symbols.table(key);
  table.only({"native", "cbor"});
  const auto native = read_symbol(table, "native");
  if (native && !native->empty() && !out.contract.native) table.fail("native", "contract.native is false");
  if (native) proc.symbols.native = *native;
  if (const auto cbor = read_symbol(table, "cbor")) proc.symbols.cbor = *cbor;
}

void override_one(const Table& symbols, const std::string& key, Interface& out) {
  std::vector<std::string> known;
  for (const auto& fixed : fixed_symbols) {
    known.push_back(fixed.key);
    if (key != fixed.key) continue;
    const std::string symbol = *read_symbol(symbols, key);
    const bool host = key == "register_host_fn" || key == "host_complete";
    if (host && !symbol.empty() && !out.contract.host_calls) symbols.fail(key, "contract.host_calls is false");
    out.*fixed.symbol = symbol;
    return;
  }
  known.push_back(out.constructor.name);
  if (key == out.constructor.name) return override_variants(symbols, key, out, out.constructor);
  for (auto& proc : out.procs) {
    known.push_back(proc.name);
    if (key == proc.name) return override_variants(symbols, key, out, proc);
  }
  symbols.fail(key, "no proc and no fixed symbol has this name" + suggestion(key, known));
}

// Two entries with one symbol would be called with one another's arguments.
class SymbolOwners {
 public:
  explicit SymbolOwners(const Table& root) : root_(root) {}
  void claim(const std::string& symbol, const std::string& owner) {
    if (symbol.empty()) return;
    const auto [it, is_new] = owners_.emplace(symbol, owner);
    if (!is_new) root_.fail("symbols", symbol + " is the symbol of both " + it->second + " and " + owner);
  }

 private:
  const Table& root_;
  std::map<std::string, std::string> owners_;
};

void check(const Table& root, const Interface& out) {
  SymbolOwners owners(root);
  const auto claim = [&](const Proc& proc, const std::string& what) {
    if (proc.symbols.native.empty() && proc.symbols.cbor.empty())
      root.fail("symbols", what + " has neither a native nor a CBOR symbol");
    owners.claim(proc.symbols.native, what);
    owners.claim(proc.symbols.cbor, what + " (CBOR)");
  };
  claim(out.constructor, "constructor " + out.constructor.name);
  for (const auto& proc : out.procs) claim(proc, "proc " + proc.name);
  for (const auto& fixed : fixed_symbols) owners.claim(out.*fixed.symbol, fixed.key);
}

}  // namespace

void read_symbols(const Table& root, Interface& out) {
  std::string destructor = "destroy";
  if (const auto table = root.table("destructor")) {
    table->only({"name"});
    destructor = table->identifier("name");
  }
  name_by_rule(out, destructor);
  if (const auto symbols = root.table("symbols")) {
    for (const auto& entry : symbols->entries()) override_one(*symbols, entry.key, out);
  }
  check(root, out);
}

std::vector<std::string> Interface::denied_symbols() const {
  std::vector<std::string> out;
  const auto add = [&](std::string_view what) { out.push_back(fmt::format("{}_{}", name, what)); };
  if (!contract.native) {
    add(constructor.name);
    for (const Proc& one : procs) add(one.name);
  }
  if (add_event_listener.empty()) add("add_event_listener");
  if (register_host_fn.empty()) add("register_host_fn");
  const auto named = symbols();  // one of these may have such a name
  std::erase_if(out, [&](const std::string& symbol) { return std::ranges::find(named, symbol) != named.end(); });
  return out;
}

}  // namespace ffi_cts
