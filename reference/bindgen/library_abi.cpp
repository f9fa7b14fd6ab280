// <lib>_abi.hpp and .cpp: the ABI as C++ functions. <lib>_exports.hpp and .cpp: the C symbols that forward to them.
#include <fmt/format.h>

#include "reference/bindgen/c_types.hpp"
#include "reference/bindgen/library.hpp"
#include "reference/bindgen/text.hpp"

namespace ffi_cts::bindgen {
namespace {

// A function of the ABI, and the symbol that forwards to it.
struct Export {
  std::string switched;  // the macro that leaves the symbol out: MY_TIMER_NO_ECHO
  std::string symbol;
  std::string result, name;
  std::vector<Declared> params;
  std::string body;

  std::string signature() const {
    std::string out;
    for (const Declared& param : params) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", param.type, param.name);
    return "(" + out + ")";
  }
  std::string names() const {
    std::string out;
    for (const Declared& param : params) out += (out.empty() ? "" : ", ") + param.name;
    return out;
  }
};

const Declared callback_param = {"FFICallBack", "callback"}, user_data = {"void*", "userData"}, context = {"void*", "ctx"};
const Declared request = {"const std::uint8_t*", "req"}, length = {"std::size_t", "len"};

// The C parameters of a call, called differently from the others.
std::vector<Declared> c_params(const Library& library, const native::Signature& signature) {
  std::vector<Declared> out;
  for (const native::Field& field : signature.params) {
    for (Declared one : declared(field, signature.params)) {
      if (field.type.kind == native::Kind::structure) one.type = fmt::format("::{}_{}", library.interface.name, field.type.structure->name);
      if (one.type.ends_with(" *")) one.type.erase(one.type.size() - 2, 1);
      one.name = unlike(one.name, {callback_param, user_data, context});
      out.push_back(std::move(one));
    }
  }
  return out;
}

// What a wrapper says to bring its own: MY_TIMER_NO_ECHO, and MY_TIMER_NO_ECHO_NATIVE for the native variant.
std::string switch_of(const Library& library, const std::string& name) {
  return fmt::format("{}_NO_{}", upper(library.interface.name), upper(name));
}

void add_call(const Library& library, const Call& call, bool constructor, std::vector<Export>& out) {
  const std::string name = native::c_name(call.proc->name);
  const std::string verb = constructor ? "open" : "submit", switched = switch_of(library, call.proc->name);
  const std::string result = constructor ? "void*" : "int", first = constructor ? "" : "ctx, ";
  if (call.native) {
    const std::vector<Declared> c = c_params(library, *call.native);
    std::vector<Declared> params = constructor ? std::vector<Declared>{} : std::vector{context, callback_param, user_data};
    params.insert(params.end(), c.begin(), c.end());
    if (constructor) params.insert(params.end(), {callback_param, user_data});
    std::string values;
    for (const Declared& one : c) values += ", " + one.name;
    out.push_back({switched + "_NATIVE", call.proc->symbols.native, result, name, params,
                   fmt::format("ffi_cts::runtime::{}_native<{}>({}callback, userData{})", verb, call.structure, first, values)});
  }
  if (call.proc->symbols.cbor.empty()) return;
  const std::string values = constructor ? "req, len, callback, userData" : "ctx, callback, userData, req, len";
  out.push_back({switched, call.proc->symbols.cbor, result, name + "_cbor",
                 constructor ? std::vector{request, length, callback_param, user_data} : std::vector{context, callback_param, user_data, request, length},
                 fmt::format("ffi_cts::runtime::{}_cbor<{}>({})", verb, call.structure, values)});
}

std::vector<Export> exports_of(const Library& library) {
  const Interface& interface = library.interface;
  std::vector<Export> out;
  for (const Call& call : library.calls) add_call(library, call, &call == &library.calls.front(), out);
  const Declared name = {"const char*", "name"};
  const auto add = [&](const std::string& symbol, const char* result, const char* function, const std::vector<Declared>& params) {
    if (symbol.empty()) return;
    Export made{switch_of(library, function), symbol, result, function, params, ""};
    made.body = fmt::format("ffi_cts::runtime::{}({})", function, made.names());
    out.push_back(std::move(made));
  };
  add(interface.destroy, "int", "destroy", {context});
  add(interface.add_event_listener, "std::uint64_t", "add_event_listener", {context, name, callback_param, user_data});
  add(interface.remove_event_listener, "int", "remove_event_listener", {context, {"std::uint64_t", "id"}});
  add(interface.register_host_fn, "int", "register_host_fn", {context, name, {"FFIHostFn", "fn"}, user_data});
  add(interface.host_complete, "int", "host_complete", {context, {"std::uint64_t", "callId"}, {"int", "ret"}, {"const char*", "msg"}, length});
  return out;
}

std::string call_text(const Library& library, const Call& call, bool constructor) {
  const std::string progress = library.types.runtime("Progress"), context_type = library.types.runtime("Context");
  std::string out = fmt::format("struct {} {{\n  using Library = {};\n", call.structure, library.class_name);
  out += members_text(call.params);
  if (call.native) {
    std::string values, fields;
    for (const CppField& param : call.params) {
      fields += fmt::format("    argument({}, self.{}", quoted(param.key), param.name);
      for (const Declared& place : declared(*param.native, call.native->params)) {
        values += ", const auto& c_" + place.name;
        fields += ", c_" + place.name;
      }
      fields += ");\n";
    }
    out += fields.empty() ? "  static void arguments(auto&, auto&&) {}\n"
                          : fmt::format("  static void arguments(auto& self, auto&& argument{}) {{\n{}  }}\n", values, fields);
  }
  std::string moved;
  for (const CppField& param : call.params) moved += fmt::format(", std::move({})", param.name);
  if (constructor) {
    out += fmt::format("  auto run({}& context) {{ return Library::create(context{}); }}\n", context_type, moved);
  } else {
    out += fmt::format("  auto run(Library& library, {} progress) {{\n    return ffi_cts::runtime::call(&Library::{}, library, progress{});\n  }}\n",
                       progress, call.name, moved);
  }
  return out + "};\n\n";
}

File abi_header(const Library& library, const std::vector<Export>& exports) {
  const std::string& name = library.interface.name;
  std::string out = library.generated("its ABI as C++ functions, for its C symbols, and for libraries that wrap it");
  out += fmt::format("#pragma once\n\n#define {0}_PREFIXED_TYPES\n#include \"{1}.h\"\n#undef {0}_PREFIXED_TYPES\n\n"
                     "#include <cstddef>\n#include <cstdint>\n\nnamespace {2}::abi {{\n\n",
                     upper(name), name, library.space);
  for (const Export& one : exports) out += fmt::format("{} {}{} noexcept;\n", one.result, one.name, one.signature());
  return {name + "_abi.hpp", out + fmt::format("\n}}  // namespace {}::abi\n", library.space)};
}

File abi_source(const Library& library, const std::vector<Export>& exports) {
  const std::string& name = library.interface.name;
  std::string out = library.generated("its ABI on the runtime");
  out += fmt::format("#include \"{}.hpp\"\n\nnamespace {} {{\nnamespace {{\n\n", name, library.space);
  for (const Call& call : library.calls) out += call_text(library, call, &call == &library.calls.front());
  out += "}  // namespace\n\n";
  for (const Export& one : exports) out += fmt::format("{} abi::{}{} noexcept {{\n  return {};\n}}\n", one.result, one.name, one.signature(), one.body);
  return {name + "_abi.cpp", out + fmt::format("\n}}  // namespace {}\n", library.space)};
}

File exports_header(const Library& library, const std::vector<Export>& exports) {
  const std::string& name = library.interface.name;
  std::string out = library.generated("its C symbols. Include this in exactly one source file of a shared library");
  out += fmt::format("//\n// A library that wraps this one defines {0}_NO_<EXPORT> before the include for each export that it brings itself\n"
                     "// ({0}_NO_<PROC>_NATIVE for a native variant), writes that one with FFI_CTS_EXPORT, and calls {1}::abi::<export>.\n"
                     "#pragma once\n\n#include \"{2}_abi.hpp\"\n\n"
                     "#ifndef FFI_CTS_EXPORT\n#define FFI_CTS_EXPORT extern \"C\" __attribute__((visibility(\"default\")))\n#endif\n\n",
                     upper(name), library.space, name);
  for (const Export& one : exports) {
    out += fmt::format("#ifndef {}\nFFI_CTS_EXPORT {} {}{} {{ return {}::abi::{}({}); }}\n#endif\n", one.switched, one.result, one.symbol,
                       one.signature(), library.space, one.name, one.names());
  }
  return {name + "_exports.hpp", out};
}

File version_script(const Library& library, const std::vector<Export>& exports) {
  std::string out = "/* The ABI alone: Asio pushes default visibility, and a unique symbol would keep the library mapped after dlclose. */\n{\n  global:\n";
  for (const Export& one : exports) out += fmt::format("    {};\n", one.symbol);
  return {library.interface.name + ".map", out + "  local: *;\n};\n"};
}

}  // namespace

std::vector<File> library_abi(const Library& library) {
  const std::vector<Export> exports = exports_of(library);
  const std::string& name = library.interface.name;
  return {abi_header(library, exports), abi_source(library, exports), exports_header(library, exports),
          {name + "_exports.cpp", library.generated("its C symbols") + fmt::format("#include \"{}_exports.hpp\"\n", name)},
          version_script(library, exports)};
}

}  // namespace ffi_cts::bindgen
