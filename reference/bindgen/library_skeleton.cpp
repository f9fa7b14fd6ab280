// <lib>.hpp, <lib>.cpp and CMakeLists.txt: what the author goes on from.
#include <fmt/format.h>

#include "reference/bindgen/library.hpp"

namespace ffi_cts::bindgen {
namespace {

std::string taken(const Library& library, const Call& call, const std::string& unused) {
  std::string out;
  for (const CppField& param : call.params) out += fmt::format(", {}{} {}", unused, param.type.name, param.name);
  const bool constructor = &call == &library.calls.front();
  if (constructor) return library.types.runtime("Context") + "& context" + out;
  return out.empty() ? "" : out.substr(2);
}

File class_header(const Library& library) {
  const std::string& name = library.interface.name;
  std::string out = fmt::format(
      "// {0}: the library. Written once by ffi-cts bindgen; it is yours from now on.\n"
      "#pragma once\n\n#include \"{0}_library.hpp\"\n\n#include <memory>\n\nnamespace {1} {{\n\n"
      "// One instance per context. Everything here runs on the context's loop, one at a time; co_await lets others go on.\n"
      "class {2} : public {3} {{\n public:\n  using {3}::{3};\n\n"
      "  // What this throws fails the constructor.\n  static {4}<std::unique_ptr<{2}>> create({5});\n\n"
      "  // A RET_OK reply is returned, RET_ERR is thrown: a HandlerError with the text. With a last parameter Progress, a proc can\n"
      "  // tell how far it is.\n",
      name, library.space, library.class_name, library.base_name, library.types.runtime("Task"), taken(library, library.calls.front(), ""));
  for (std::size_t i = 1; i < library.calls.size(); ++i) {
    const Call& call = library.calls[i];
    out += fmt::format("  {} {}({});\n", library.task(call.returns), call.name, taken(library, call, ""));
  }
  return {name + ".hpp", out + fmt::format("}};\n\n}}  // namespace {}\n", library.space), true};
}

File class_source(const Library& library) {
  const std::string& name = library.interface.name;
  std::string out = fmt::format("#include \"{}.hpp\"\n\nnamespace {} {{\n\n", name, library.space);
  out += fmt::format("{0}<std::unique_ptr<{1}>> {1}::create({2}) {{\n  co_return std::make_unique<{1}>(context);\n}}\n", library.types.runtime("Task"),
                     library.class_name, taken(library, library.calls.front(), "[[maybe_unused]] "));
  for (std::size_t i = 1; i < library.calls.size(); ++i) {
    const Call& call = library.calls[i];
    out += fmt::format("\n{} {}::{}({}) {{\n  throw {}(\"not implemented: {}\");\n  co_return{};\n}}\n", library.task(call.returns), library.class_name,
                       call.name, taken(library, call, "[[maybe_unused]] "), library.types.runtime("HandlerError"), call.proc->name,
                       call.proc->returns_cddl ? fmt::format(" {}{{}}", call.returns.name) : "");
  }
  return {name + ".cpp", out + fmt::format("\n}}  // namespace {}\n", library.space), true};
}

File cmake(const Library& library) {
  return {"CMakeLists.txt", fmt::format(
      "# Written once by ffi-cts bindgen: builds lib{0}.so. FFI_CTS is where the sources of ffi-cts are:\n"
      "#   cmake -S . -B build -D FFI_CTS=/path/to/ffi-cts && cmake --build build\n"
      "cmake_minimum_required(VERSION 3.25)\nproject({0} LANGUAGES C CXX)\n\n"
      "include(${{FFI_CTS}}/reference/author.cmake)\n"
      "ffi_cts_author_library({0} SOURCES {0}.cpp {0}_abi.cpp {0}_exports.cpp MAP {0}.map)\n", library.interface.name), true};
}

}  // namespace

std::vector<File> library_skeleton(const Library& library) { return {class_header(library), class_source(library), cmake(library)}; }

}  // namespace ffi_cts::bindgen
