// <lib>_library.hpp: the library's types as C++ values, and the base of the author's class.
#include <fmt/format.h>

#include <algorithm>

#include "reference/bindgen/c_types.hpp"
#include "reference/bindgen/library.hpp"

namespace ffi_cts::bindgen {
namespace {

std::string structure_text(const Library& library, const CppStruct& structure) {
  std::string out = fmt::format("\nstruct {} {{\n", structure.name);
  out += members_text(structure.fields);
  if (structure.native) {
    out += fmt::format("\n  using Native = ::{}_{};\n", library.interface.name, structure.native->name);
    out += "  static void members(auto& self, auto& native, auto&& member) {\n";
    for (const CppField& field : structure.fields) {
      out += fmt::format("    member({}, self.{}", quoted(field.key), field.name);
      for (const Declared& place : declared(*field.native, structure.native->fields)) out += ", native." + library.c_member(place.name);
      out += ");\n";
    }
    out += "  }\n";
  }
  return out + "};\n";
}

std::string event_text(const EventType& event, const CppType& payload) {
  return fmt::format("  void emit_{}(const {}& payload) {{ context_.emit({}, payload); }}\n", native::c_name(event.name), payload.name, quoted(event.name));
}

std::string host_call_text(const Library& library, const HostCall& host) {
  const bool raw = host.function->encoding == HostEncoding::raw;
  std::string out = fmt::format("  {} {}({}) {{\n", library.task(host.returns), host.name, parameters(host.params));
  std::string values;
  for (const CppField& param : host.params) {
    if (!raw) values += quoted(param.key) + ", ";
    values += param.name + (raw ? "" : ", ");
  }
  if (!raw && !values.empty()) values.resize(values.size() - 2);
  return out + fmt::format("    return ffi_cts::runtime::call_host_{}<{}>(context_, {}{}{});\n  }}\n", raw ? "raw" : "cbor", host.returns.name,
                           quoted(host.function->name), values.empty() ? "" : ", ", values);
}

std::string base_text(const Library& library) {
  const std::string context = library.types.runtime("Context");
  std::string out = fmt::format(
      "\n// The base of the library's class, for its handlers: they run on the loop of a context, and so does all of this.\n"
      "class {0} {{\n public:\n  explicit {0}({1}& context) : context_(context) {{}}\n\n protected:\n", library.base_name, context);
  out += fmt::format("  {}& context() {{ return context_; }}\n", context);
  out += fmt::format("  {}<void> sleep(std::chrono::milliseconds duration) {{ return context_.sleep(duration); }}\n", library.types.runtime("Task"));
  if (!library.interface.events.empty()) out += "\n  // Events. Every listener has heard it when this returns.\n";
  for (std::size_t i = 0; i < library.events.size(); ++i) out += event_text(library.interface.events[i], library.events[i]);
  if (!library.hosts.empty()) out += "\n  // Functions of the host. What it answers with RET_ERR throws a HostError, all else that goes wrong a HandlerError.\n";
  for (const HostCall& host : library.hosts) out += host_call_text(library, host);
  return out + fmt::format("\n private:\n  {}& context_;\n}};\n", context);
}

}  // namespace

File library_values(const Library& library) {
  const std::string& name = library.interface.name;
  std::string out = library.generated("its types as C++ values, and the base of the class that you write");
  out += fmt::format("#pragma once\n\n#include \"{}_abi.hpp\"\n\n#include \"reference/runtime/entry.hpp\"\n#include \"reference/runtime/host_function.hpp\"\n\n#include <limits>\n", name);
  out += fmt::format("\nnamespace {} {{\n\nusing namespace ffi_cts::runtime;\nnamespace cbor = ffi_cts::cbor;\n\n", library.space);
  const auto structs = library.types.structs();
  for (const CppStruct* structure : structs) out += fmt::format("struct {};\n", structure->name);
  for (const CppStruct* structure : structs) out += structure_text(library, *structure);
  out += base_text(library);
  return {name + "_library.hpp", out + fmt::format("\n}}  // namespace {}\n", library.space)};
}

}  // namespace ffi_cts::bindgen
