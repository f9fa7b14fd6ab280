#include "reference/bindgen/library.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "reference/bindgen/c.hpp"

namespace ffi_cts::bindgen {
namespace {

// "my_timer" as "MyTimer".
std::string camel(const std::string& name) {
  std::string out;
  bool begins = true;
  for (const char c : name) {
    if (c != '_') out += begins ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    begins = c == '_';
  }
  return out;
}

// Methods of the author's class that are no procs.
const std::set<std::string> taken_methods = {"create", "context", "sleep"};

}  // namespace

Library::Library(const Model& model) : interface(model.interface), types(model), space(interface.name + "_library") {
  class_name = types.unused(camel(interface.name));
  base_name = types.unused(class_name + "Base");
  for (const native::Struct* structure : model.view.structs()) c_structs.insert(structure->name);
  std::set<std::string> methods = taken_methods;
  methods.insert({class_name, base_name});
  for (const EventType& event : interface.events) {
    methods.insert("emit_" + native::c_name(event.name));
    events.push_back(types.type(event.payload_cddl, event.name + "_payload"));
  }
  const auto add = [&](const Proc& proc, const native::Signature* signature, std::string name) {
    if (!proc.context) throw InterfaceError(fmt::format("{}: proc {}: context = false: the runtime runs every proc in a context", interface.file, proc.name));
    const CppType returns = proc.returns_cddl ? types.type(proc.returns_cddl, proc.name + "_reply") : CppType{"void", {}};
    calls.push_back({&proc, signature, std::move(name), types.unused(proc.name + "_call"), types.fields(proc.params, proc.name, signature), returns});
  };
  const auto method = [&](std::string name) {
    while (!methods.insert(name).second) name += '_';
    return name;
  };
  add(interface.constructor, model.view.constructor(), "create");
  for (std::size_t i = 0; i < interface.procs.size(); ++i)
    add(interface.procs[i], model.view.proc(i), method(native::c_name(interface.procs[i].name)));
  for (const HostFunctionType& host : interface.hosts) {
    const CppType returns = host.returns_cddl ? types.type(host.returns_cddl, host.name + "_reply") : CppType{"void", {}};
    hosts.push_back({&host, method(native::c_name(host.name)), types.fields(host.params, host.name, nullptr), returns});
  }
}

std::string Library::generated(const std::string& what) const {
  return fmt::format("// {}: {}\n// Written by ffi-cts bindgen from the interface file, each time anew: do not edit.\n", interface.name, what);
}

std::string parameters(const std::vector<CppField>& params) {
  std::string out;
  for (const CppField& param : params) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", param.type.name, param.name);
  return out;
}

std::string members_text(const std::vector<CppField>& fields) {
  std::string out;
  for (const CppField& field : fields) {
    const bool number = field.type.name.ends_with("int64_t") || field.type.name == "double";
    out += fmt::format("  {} {}{};\n", field.type.name, field.name, number ? " = 0" : field.type.name == "bool" ? " = false" : "");
  }
  if (fields.empty()) return "  static void fields(auto&, auto&&) {}\n";
  out += "\n  static void fields(auto& self, auto&& field) {\n";
  for (const CppField& field : fields) {
    out += fmt::format("    field({}, self.{}", quoted(field.key), field.name);
    for (const std::string& check : field.type.checks) out += ", " + check;
    out += ");\n";
  }
  return out + "  }\n";
}

std::vector<File> emit_library_glue(const Model& model) {
  const Library library(model);
  std::vector<File> out = {emit_c(model).front()};  // <lib>.h
  out.push_back(library_values(library));
  std::ranges::move(library_abi(library), std::back_inserter(out));
  return out;
}

std::vector<File> emit_library(const Model& model) {
  std::vector<File> out = emit_library_glue(model);
  std::ranges::move(library_skeleton(Library(model)), std::back_inserter(out));
  return out;
}

}  // namespace ffi_cts::bindgen
