// The language "library": a C++ library on reference/runtime, of which the author writes what its procs do.
//
//   <lib>.h                    the C header
//   <lib>_library.hpp          its types as C++ values; the base of the author's class: events and host calls as functions
//   <lib>_abi.hpp, .cpp        the ABI as C++ functions, so that another library can wrap it
//   <lib>_exports.hpp, .cpp    the C symbols; each can be left out by a macro, for a wrapper that brings its own
//   <lib>.map                  exports those and nothing else
//   <lib>.hpp, .cpp            the author's class, with a coroutine per proc    } written once
//   CMakeLists.txt             builds lib<lib>.so                               }
#pragma once

#include "reference/bindgen/bindgen.hpp"
#include "reference/bindgen/library_types.hpp"

namespace ffi_cts::bindgen {

std::vector<File> emit_library(const Model& model);
// The language "library-glue": the same without what is written once, for builds that write it anew from the interface file.
std::vector<File> emit_library_glue(const Model& model);

// One proc, or the constructor, as all files of the library call its parts.
struct Call {
  const Proc* proc;
  const native::Signature* native;  // null: no native variant
  std::string name;                 // of the method
  std::string structure;            // of its parameters
  std::vector<CppField> params;
  CppType returns;                  // "void": no value
};

struct HostCall {
  const HostFunctionType* function;
  std::string name;
  std::vector<CppField> params;
  CppType returns;
};

struct Library {
  explicit Library(const Model& model);
  const Interface& interface;
  CppTypes types;
  std::string space;       // the namespace
  std::string class_name;  // the author's
  std::string base_name;   // what it derives from
  std::vector<Call> calls;  // the constructor's first
  std::vector<CppType> events;  // their payloads, by the interface's events
  std::vector<HostCall> hosts;

  std::set<std::string> c_structs;  // their names without the library's before them

  // In C a member may have the name of a struct; where the header puts the library's name before that, it does so here, too.
  std::string c_member(const std::string& name) const { return c_structs.contains(name) ? interface.name + "_" + name : name; }
  std::string task(const CppType& of) const { return types.runtime("Task") + "<" + of.name + ">"; }
  // The head of a file that is written anew each time.
  std::string generated(const std::string& what) const;
};

// "TimerConfig config, std::string key"
std::string parameters(const std::vector<CppField>& params);
// The members of a structure, and its function `fields`.
std::string members_text(const std::vector<CppField>& fields);

File library_values(const Library& library);
std::vector<File> library_abi(const Library& library);
std::vector<File> library_skeleton(const Library& library);

}  // namespace ffi_cts::bindgen
