// What a library says of itself: the interface file (spec/interface.md) as data.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "harness/schema/schema.hpp"
#include "harness/value/value.hpp"

namespace ffi_cts {

// A mistake in an interface file; what() is one line "file:line: key: what is wrong".
struct InterfaceError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Types stand as they are written, and as the schema has them: null without a schema, and where nothing is written.
struct Param {
  std::string name, type;
  schema::TypePtr cddl;
};

// Names of the exported symbols of one proc or constructor; empty: this variant does not exist.
struct Variants {
  std::string native, cbor;
};

// How the values of a native call can lie in C. A library must not care (NAT-4, NAT-5, NAT-7).
enum class NativeForm : std::uint8_t {
  plain,    // empty texts are "", true is 1, what is absent is zeros
  nulls,    // empty texts and lists are NULL
  bools,    // true is another number than 1
  absents,  // the field of an absent optional holds something
};

struct Proc {
  std::string name;
  std::vector<Param> params;
  std::string returns;  // empty: no value
  schema::TypePtr returns_cddl;
  bool context = true;  // false: takes no handle
  Variants symbols;
  bool native = false;  // its native variant can be called: it has a symbol, and the schema tells its types
  std::string why_not_native;  // else
};

struct EventType {
  std::string name, payload;
  schema::TypePtr payload_cddl;
};

enum class HostEncoding { cbor, raw };
struct HostFunctionType {
  std::string name;
  std::vector<Param> params;
  std::string returns;
  schema::TypePtr returns_cddl;
  HostEncoding encoding = HostEncoding::cbor;
};

enum class RoleName : std::uint8_t {
  create, create_fail, create_slow, echo, delay, fail, empty, emit, emit_fail, call_host, block, progress
};
constexpr int role_count = 12;
std::string_view to_string(RoleName role);
std::optional<RoleName> role_named(std::string_view name);

// How one of the library's procs plays a part for the harness. Templates and patterns hold placeholders (template.hpp).
struct Role {
  std::size_t proc = 0;               // index into Interface::procs; unused by the create roles
  Value request;                      // template of the request map
  std::optional<Value> reply;         // partial pattern of the RET_OK reply
  std::optional<std::string> error;   // template of the RET_ERR text
  std::string event;                  // emit, emit_fail: the event's name
  std::optional<Value> payload;       // emit: partial pattern of the event's payload; call_host: of what the host function
                                      // is called with (raw: a text or bytes)
  std::string host;                   // call_host: the host function's name
};

enum class CallbackThreads { one, replies_and_events };
struct Contract {
  bool wildcard = true, host_calls = true, native = true;
  CallbackThreads callbacks = CallbackThreads::one;
  int destroy_limit_ms = 1500;
  std::optional<int> max_contexts;
};

struct Interface {
  std::string file;    // where it was read from
  std::string name;    // the library's
  std::string schema_file;  // path of the CDDL file, empty if none
  std::shared_ptr<const schema::Schema> schema;  // what it says; null: there is none
  Proc constructor;
  std::vector<Proc> procs;
  std::vector<EventType> events;
  std::vector<HostFunctionType> hosts;
  std::string destroy, add_event_listener, remove_event_listener, register_host_fn, host_complete;  // symbols
  Contract contract;
  std::map<RoleName, Role> roles;

  const Role* role(RoleName role_name) const {
    auto it = roles.find(role_name);
    return it == roles.end() ? nullptr : &it->second;
  }
  const Proc* proc(std::string_view proc_name) const;
  const HostFunctionType* host(std::string_view host_name) const;
  bool has_events() const { return !add_event_listener.empty(); }
  // Every symbol that the library must export, in the file's order.
  std::vector<std::string> symbols() const;
  // What exports of kinds that the file says the library lacks (native variants, events, host calls) would be called by rule.
  std::vector<std::string> denied_symbols() const;
};

// Throws InterfaceError. `parse_interface` takes the text instead (file is used in messages only).
Interface load_interface(const std::string& file);
Interface parse_interface(std::string_view text, const std::string& file);

}  // namespace ffi_cts
