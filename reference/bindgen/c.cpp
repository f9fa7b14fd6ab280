#include "reference/bindgen/c.hpp"

#include <fmt/format.h>

#include "reference/bindgen/c_cbor.hpp"
#include "reference/bindgen/c_conventions.hpp"
#include "reference/bindgen/c_prefix.hpp"
#include "reference/bindgen/c_types.hpp"
#include "reference/bindgen/cddl.hpp"
#include "reference/bindgen/text.hpp"

namespace ffi_cts::bindgen {
namespace {

using native::Kind;

constexpr std::string_view abi_types = R"(/* What all libraries with this ABI share: <ffi_cts/abi.h> and their headers may stand beside this one, in any order. */
#ifndef FFI_CTS_ABI_TYPES
#define FFI_CTS_ABI_TYPES
enum {
  RET_OK = 0,               /* accepted, done; as a callback's code: the terminal success */
  RET_ERR = 1,              /* refused, failed; as a callback's code: the terminal failure, the message is its text */
  RET_MISSING_CALLBACK = 2, /* the callback was NULL; only ever a result of a call */
  RET_STALE_WARN = 3        /* progress, not terminal; only ever a callback's code */
};
typedef void (*FFICallBack)(int callerRet, const char *msg, size_t len, void *userData);
typedef void (*FFIHostFn)(uint64_t callId, const char *req, size_t reqLen, void *userData);
#endif
)";

// "EchoRequest, one of …": how a native type is written, where a name hides more than a struct.
std::string member_comment(const native::Field& field, const schema::Schema& schema) {
  std::string out;
  if (field.name != field.key) out = fmt::format("\"{}\"", field.key);
  const schema::Type& resolved = schema.resolve(*field.type.cddl);
  const bool told = field.type.cddl->kind != schema::Kind::name || schema::kind_of_prelude(field.type.cddl->name) != schema::Kind::name;
  if (!told && resolved.kind != schema::Kind::map) out += (out.empty() ? "" : ": ") + cddl_text(resolved);
  if (field.optional) out += fmt::format("{}{} where it is absent", out.empty() ? "" : "; ", field.nil ? "null" : "no key");
  return comment_text(out);
}

std::string structs_text(const Model& model) {
  const auto& structs = model.view.structs();
  if (structs.empty()) return "";
  std::string out = "\n/* ---- Structs ---- */\n\n";
  for (const native::Struct* structure : structs) out += fmt::format("typedef struct {0} {0};\n", structure->name);
  for (const native::Struct* structure : structs) {
    out += fmt::format("\nstruct {} {{\n", structure->name);
    for (const native::Field& field : structure->fields) {
      const std::string comment = member_comment(field, *model.interface.schema);
      std::string text;
      for (const Declared& member : declared(field, structure->fields)) text += fmt::format("  {};\n", to_text(member));
      if (!comment.empty()) text.insert(text.size() - 1, fmt::format(" /* {} */", comment));
      out += text;
    }
    out += "};\n";
  }
  return out;
}

// What arrives where the reply is of that type.
std::string reply_text(const Proc& proc, const native::Signature* signature) {
  if (proc.returns.empty()) return signature ? "no value: natively 0 bytes, in CBOR f6" : "no value: f6";
  std::string out = comment_text(proc.returns);
  if (!signature) return out;
  const native::Type& type = *signature->returns;
  if (type.kind == Kind::text || type.kind == Kind::bytes) return out + "; natively its bytes, len of them, without a NUL";
  return out + fmt::format("; natively a {}, len = sizeof({})", c_reply(type), c_type(type));
}

std::string line(const std::string& text) { return " *   " + wrapped(text, "", " *     ", 5) + "\n"; }

std::string prototype_text(const std::string& prototype) {
  return wrapped(prototype + ";", ",", std::string(prototype.find('(') + 1, ' ')) + "\n";
}

// A proc or the constructor: what it takes, what it replies, and its two variants.
std::string proc_text(const Proc& proc, const native::Signature* signature, std::string why_not, bool constructor) {
  std::string out = fmt::format("\n/* {}{}\n", proc.name, constructor ? ", the constructor: replies the handle in decimal digits (natively its bytes, in CBOR a tstr)" : "");
  for (const Param& param : proc.params) out += line(comment_text(fmt::format("{}: {}", param.name, param.type)));
  if (!constructor) out += line("replies " + reply_text(proc, signature));
  if (!proc.context) out += line("takes no handle: nothing cancels it");
  if (!signature) {
    if (constexpr std::string_view only = "in CBOR only: "; why_not.starts_with(only)) why_not.erase(0, only.size());
    out += line(comment_text("no native variant: " + why_not));
  }
  if (proc.symbols.cbor.empty()) out += line("no CBOR variant");
  out.insert(out.size() - 1, " */");
  if (signature) out += prototype_text(native_prototype(proc, *signature, constructor));
  if (!proc.symbols.cbor.empty()) out += prototype_text(cbor_prototype(proc, constructor));
  return out;
}

std::string events_text(const Model& model) {
  const Interface& interface = model.interface;
  if (!interface.has_events() && interface.events.empty()) return "";
  std::string out = "\n/* ---- Events ---- */\n\n/* Each is the CBOR map { eventType: tstr, payload: any }:\n";
  for (const EventType& event : interface.events) out += line(comment_text(fmt::format("\"{}\": {}", event.name, event.payload)));
  if (interface.events.empty()) out = "\n/* ---- Events ---- */\n\n/* None is named in the interface file.\n";
  out.insert(out.size() - 1, " */");
  if (interface.has_events()) out += prototype_text(fmt::format("uint64_t {}(void *ctx, const char *name, FFICallBack callback, void *userData)", interface.add_event_listener));
  if (!interface.remove_event_listener.empty()) out += prototype_text(fmt::format("int {}(void *ctx, uint64_t id)", interface.remove_event_listener));
  return out;
}

std::string hosts_text(const Model& model) {
  const Interface& interface = model.interface;
  if (interface.register_host_fn.empty() && interface.host_complete.empty()) return "";
  std::string out = "\n/* ---- Host functions ---- */\n\n/* What the library calls, and is answered with:\n";
  for (const HostFunctionType& host : interface.hosts) {
    std::string params;
    for (const Param& param : host.params) params += fmt::format("{}{}: {}", params.empty() ? "" : ", ", param.name, param.type);
    const bool raw = host.encoding == HostEncoding::raw;
    out += line(comment_text(fmt::format("\"{}\" ({}) -> {}; {}", host.name, params, host.returns.empty() ? "no value" : host.returns,
                                         raw ? "both as raw bytes" : "a CBOR map of the parameters, a CBOR item")));
  }
  out.insert(out.size() - 1, " */");
  if (!interface.register_host_fn.empty()) out += prototype_text(fmt::format("int {}(void *ctx, const char *name, FFIHostFn fn, void *userData)", interface.register_host_fn));
  if (!interface.host_complete.empty())
    out += prototype_text(fmt::format("int {}(void *ctx, uint64_t callId, int ret, const char *msg, size_t len)", interface.host_complete));
  return out;
}

File header(const Model& model) {
  const Interface& interface = model.interface;
  const std::string guard = upper(interface.name) + "_H";
  std::string out = conventions(model);
  out += fmt::format("#ifndef {0}\n#define {0}\n\n#include <stddef.h>\n#include <stdint.h>\n\n#ifdef __cplusplus\nextern \"C\" {{\n#endif\n\n", guard);
  out += abi_types;
  out += prefixed_names(model);
  out += structs_text(model);
  out += "\n/* ---- Calls ---- */\n";
  out += proc_text(interface.constructor, model.view.constructor(), model.view.why_no_constructor(), true);
  for (std::size_t i = 0; i < interface.procs.size(); ++i) out += proc_text(interface.procs[i], model.view.proc(i), model.view.why_not(i), false);
  if (!interface.destroy.empty()) out += fmt::format("\nint {}(void *ctx);\n", interface.destroy);
  out += events_text(model);
  out += hosts_text(model);
  out += prefixed_names_end(model);
  out += fmt::format("\n#ifdef __cplusplus\n}} /* extern \"C\" */\n#endif\n\n#endif /* {} */\n", guard);
  return {interface.name + ".h", out};
}

}  // namespace

std::vector<File> emit_c(const Model& model) { return {header(model), cbor_header(model)}; }

}  // namespace ffi_cts::bindgen
