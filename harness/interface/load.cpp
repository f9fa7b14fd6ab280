#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/interface/interface.hpp"
#include "harness/interface/native.hpp"
#include "harness/interface/parts.hpp"
#include "harness/interface/table.hpp"

namespace ffi_cts {
namespace {

// The type under this key, if types are known.
schema::TypePtr read_type(const Interface& out, const Table& table, std::string_view key) {
  const auto* entry = table.find(key);
  if (!out.schema || !entry) return nullptr;
  try {
    return out.schema->parse_type(table.text(key), out.file, entry->line);
  } catch (const schema::SchemaError& error) {
    const std::string place = fmt::format("{}:{}: ", out.file, entry->line);
    table.fail(key, std::string_view(error.what()).substr(place.size()));
  }
}

std::vector<Param> read_params(const Interface& interface, const Table& owner) {
  std::vector<Param> out;
  for (const auto& table : owner.tables("params")) {
    table.only({"name", "type"});
    Param param{table.text("name"), table.text("type"), read_type(interface, table, "type")};
    for (const auto& earlier : out) {
      if (earlier.name == param.name) table.fail("name", "\"" + param.name + "\" is declared twice");
    }
    out.push_back(std::move(param));
  }
  return out;
}

template <typename Named>
void add_once(std::vector<Named>& all, Named one, const Table& table) {
  for (const auto& earlier : all) {
    if (earlier.name == one.name) table.fail("name", "\"" + one.name + "\" is declared twice");
  }
  all.push_back(std::move(one));
}

Table required(const Table& root, std::string_view key) {
  auto table = root.table(key);
  if (!table) root.fail(key, "this table is missing");
  return *table;
}

void read_library(const Table& root, Interface& out, bool with_schema_file) {
  const Table library = required(root, "library");
  library.only({"name", "schema"});
  out.name = library.identifier("name");
  const auto schema = library.optional_nonempty_text("schema");
  if (!schema) return;
  out.schema_file = (std::filesystem::path(out.file).parent_path() / *schema).string();
  if (!with_schema_file) return;
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(out.schema_file, ignored)) library.fail("schema", "there is no file " + out.schema_file);
  try {
    out.schema = std::make_shared<schema::Schema>(schema::Schema::load(out.schema_file));
  } catch (const schema::SchemaError& error) {
    throw InterfaceError(error.what());
  }
}

void read_constructor(const Table& root, Interface& out) {
  const Table constructor = required(root, "constructor");
  constructor.only({"name", "params"});
  out.constructor.name = constructor.identifier("name");
  out.constructor.params = read_params(out, constructor);
}

void read_procs(const Table& root, Interface& out) {
  for (const auto& table : root.tables("proc")) {
    table.only({"name", "params", "returns", "context"});
    Proc proc;
    proc.name = table.identifier("name");
    if (proc.name == out.constructor.name) table.fail("name", "\"" + proc.name + "\" is the constructor");
    proc.params = read_params(out, table);
    proc.returns = table.optional_nonempty_text("returns").value_or("");
    proc.returns_cddl = read_type(out, table, "returns");
    proc.context = table.boolean("context", true);
    add_once(out.procs, std::move(proc), table);
  }
}

void read_events(const Table& root, Interface& out) {
  for (const auto& table : root.tables("event")) {
    table.only({"name", "payload"});
    add_once(out.events, EventType{table.text("name"), table.optional_nonempty_text("payload").value_or("any"), read_type(out, table, "payload")}, table);
  }
}

void read_hosts(const Table& root, Interface& out) {
  for (const auto& table : root.tables("host")) {
    table.only({"name", "params", "returns", "encoding"});
    HostFunctionType host;
    host.name = table.text("name");
    host.params = read_params(out, table);
    host.returns = table.optional_nonempty_text("returns").value_or("");
    host.returns_cddl = read_type(out, table, "returns");
    const std::string encoding = table.optional_text("encoding").value_or("cbor");
    if (encoding != "cbor" && encoding != "raw")
      table.fail("encoding", "\"" + encoding + "\" is neither \"cbor\" nor \"raw\"");
    host.encoding = encoding == "raw" ? HostEncoding::raw : HostEncoding::cbor;
    if (host.encoding == HostEncoding::raw && host.params.size() > 1)
      table.fail("params", "raw bytes carry one parameter at most");
    add_once(out.hosts, std::move(host), table);
  }
}

void read_contract(const Table& root, Interface& out) {
  const auto table = root.table("contract");
  if (!table) return;
  table->only({"wildcard", "host_calls", "native", "callbacks", "destroy_limit_ms", "max_contexts"});
  Contract& contract = out.contract;
  contract.wildcard = table->boolean("wildcard", contract.wildcard);
  contract.host_calls = table->boolean("host_calls", contract.host_calls);
  contract.native = table->boolean("native", contract.native);
  contract.destroy_limit_ms = table->integer("destroy_limit_ms", 1, 600'000).value_or(contract.destroy_limit_ms);
  contract.max_contexts = table->integer("max_contexts", 1, 1'000'000);
  const std::string one = "one thread", several = "replies and events on a thread each";
  const std::string callbacks = table->optional_text("callbacks").value_or(one);
  if (callbacks != one && callbacks != several)
    table->fail("callbacks", "\"" + callbacks + "\" is neither \"" + one + "\" nor \"" + several + "\"");
  contract.callbacks = callbacks == one ? CallbackThreads::one : CallbackThreads::replies_and_events;
}

// Which procs have a native variant. Where types exist in CBOR only there is none, unless the file names its symbol.
void find_native(Interface& out) {
  if (!out.schema) return;
  const native::View view(out);
  auto note = [&](Proc& proc, bool native, const std::string& why_not) {
    proc.native = native;
    proc.why_not_native = why_not;
    if (!native && proc.symbols.native == out.name + "_" + proc.name) proc.symbols.native.clear();
  };
  note(out.constructor, view.constructor(), view.why_no_constructor());
  for (std::size_t i = 0; i < out.procs.size(); ++i) note(out.procs[i], view.proc(i), view.why_not(i));
}

Interface read(std::string_view text, const std::string& file, bool with_schema_file) {
  const toml_tree::Node tree = toml_tree::parse(text, file);
  const Table root(file, "", tree);
  root.only({"library", "constructor", "destructor", "proc", "event", "host", "symbols", "contract", "roles"});
  Interface out;
  out.file = file;
  read_library(root, out, with_schema_file);
  read_constructor(root, out);
  read_procs(root, out);
  read_events(root, out);
  read_hosts(root, out);
  read_contract(root, out);
  read_symbols(root, out);
  find_native(out);
  read_roles(root, out);
  return out;
}

}  // namespace

Interface parse_interface(std::string_view text, const std::string& file) { return read(text, file, false); }

Interface load_interface(const std::string& file) {
  std::ostringstream text;
  std::ifstream in(file, std::ios::binary);
  if (std::filesystem::is_directory(file)) throw InterfaceError(file + ": cannot be read: it is a directory");
  if (!in) throw InterfaceError(file + ": cannot be read: " + std::strerror(errno));
  text << in.rdbuf();
  return read(text.str(), file, true);
}

}  // namespace ffi_cts
