// The library under test, loaded: its exports as C function pointers.
#pragma once

#include <ffi_cts/abi.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "harness/interface/interface.hpp"

namespace ffi_cts {

// The library cannot be used at all; what() is one clear line.
struct LibraryError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Library {
  using Create = void* (*)(const std::uint8_t*, std::size_t, FFICallBack, void*);
  using Request = int (*)(void*, FFICallBack, void*, const std::uint8_t*, std::size_t);
  using RequestWithoutContext = int (*)(FFICallBack, void*, const std::uint8_t*, std::size_t);

  void* handle = nullptr;  // dlopen's
  std::string file;        // its real path
  std::vector<std::string> missing;  // symbols that the interface names and the library's own table lacks: null below

  Create create = nullptr;
  // By index of the interface's procs, in one table or the other; null in both where the CBOR variant does not exist.
  std::vector<Request> procs;
  std::vector<RequestWithoutContext> procs_without_context;
  // Native variants, to be called as the interface's types say (harness/native); null where there is none.
  void* native_create = nullptr;
  std::vector<void*> native_procs;
  int (*destroy)(void*) = nullptr;
  std::uint64_t (*add_event_listener)(void*, const char*, FFICallBack, void*) = nullptr;
  int (*remove_event_listener)(void*, std::uint64_t) = nullptr;
  int (*register_host_fn)(void*, const char*, FFIHostFn, void*) = nullptr;
  int (*host_complete)(void*, std::uint64_t, int, const char*, std::size_t) = nullptr;
};

// Looks at the file without loading it: it is there, and a shared library for this machine. Throws LibraryError.
void check_file(const std::string& file);
// The same, and contexts can be made and destroyed with it.
void check_library(const std::string& file, const Interface& interface);

// Symbols that the library exports although the interface file says that it has nothing of their kind.
std::vector<std::string> denied_exports(const std::string& file, const Interface& interface);

// dlopen with RTLD_NOW | RTLD_LOCAL. Throws LibraryError, also where a symbol is missing, unless `part` of them will do.
// The library's code runs here: it may crash or hang.
enum class Symbols { all, part };
Library load_library(const std::string& file, const Interface& interface, Symbols wanted = Symbols::all);

}  // namespace ffi_cts
