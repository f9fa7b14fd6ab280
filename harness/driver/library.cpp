#include "harness/driver/library.hpp"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "harness/driver/instrumentation.hpp"

namespace ffi_cts {
namespace {

#if defined(__x86_64__)
constexpr int machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr int machine = EM_AARCH64;
#elif defined(__riscv)
constexpr int machine = EM_RISCV;
#else
constexpr int machine = EM_NONE;
#endif

struct Opened {
  int fd = -1;
  Elf* elf = nullptr;
  explicit Opened(const std::string& file) : fd(open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
    elf_version(EV_CURRENT);
    if (fd >= 0) elf = elf_begin(fd, ELF_C_READ, nullptr);
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() {
    if (elf) elf_end(elf);
    if (fd >= 0) close(fd);
  }
};

// Of the library itself, not of what it depends on.
std::set<std::string> exported_symbols(Elf* elf) {
  std::set<std::string> names;
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf, section));) {
    GElf_Shdr header;
    if (!gelf_getshdr(section, &header) || header.sh_type != SHT_DYNSYM || header.sh_entsize == 0) continue;
    Elf_Data* data = elf_getdata(section, nullptr);
    for (std::size_t i = 0; data && i < header.sh_size / header.sh_entsize; ++i) {
      GElf_Sym symbol;
      if (!gelf_getsym(data, static_cast<int>(i), &symbol) || symbol.st_shndx == SHN_UNDEF) continue;
      if (const char* name = elf_strptr(elf, header.sh_link, symbol.st_name)) names.insert(name);
    }
  }
  return names;
}

// Null where the symbol is missing: steps that need it are skipped.
template <typename F>
void resolve(const Library& library, const std::string& symbol, F& function) {
  bool missing = std::find(library.missing.begin(), library.missing.end(), symbol) != library.missing.end();
  if (!symbol.empty() && !missing) function = reinterpret_cast<F>(dlsym(library.handle, symbol.c_str()));
}

std::vector<std::string> missing_symbols(const std::string& file, const Interface& interface) {
  Opened opened(file);
  auto names = exported_symbols(opened.elf);
  std::vector<std::string> out;
  for (const std::string& symbol : interface.symbols())
    if (!names.contains(symbol)) out.push_back(symbol);
  return out;
}

// Throws LibraryError when it is none for this machine.
void check_kind(const Opened& opened, const std::string& file) {
  if (opened.fd < 0) throw LibraryError(fmt::format("{}: no such file, or it cannot be read", file));
  GElf_Ehdr header;
  if (!opened.elf || elf_kind(opened.elf) != ELF_K_ELF || !gelf_getehdr(opened.elf, &header))
    throw LibraryError(fmt::format("{}: not a shared library (no ELF file)", file));
  if (header.e_type != ET_DYN) throw LibraryError(fmt::format("{}: not a shared library (another kind of ELF file)", file));
  if (machine != EM_NONE && (header.e_machine != machine || header.e_ident[EI_CLASS] != (sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32)))
    throw LibraryError(fmt::format("{}: a shared library for another kind of machine", file));
}

}  // namespace

void check_file(const std::string& file) { check_kind(Opened(file), file); }

void check_library(const std::string& file, const Interface& interface) {
  const Opened opened(file);
  check_kind(opened, file);
  // Without these two there is nothing to judge; what else is missing is the library's breach.
  auto names = exported_symbols(opened.elf);
  const Variants& create = interface.constructor.symbols;
  if (create.cbor.empty() && !interface.constructor.native)
    throw LibraryError(fmt::format("{}: {}: the constructor has no CBOR variant, and no schema says how to call the native one", file, interface.file));
  for (const std::string& symbol : {create.cbor.empty() ? create.native : create.cbor, interface.destroy})
    if (!symbol.empty() && !names.contains(symbol))
      throw LibraryError(fmt::format("{}: does not export {}, which {} names", file, symbol, interface.file));
}

std::vector<std::string> denied_exports(const std::string& file, const Interface& interface) {
  Opened opened(file);
  const auto names = exported_symbols(opened.elf);
  std::vector<std::string> out = interface.denied_symbols();
  std::erase_if(out, [&](const std::string& symbol) { return !names.contains(symbol); });
  return out;
}

Library load_library(const std::string& file, const Interface& interface, Symbols wanted) {
  // A path without a slash would be looked up in the loader's own places.
  std::string path = file.find('/') == std::string::npos ? "./" + file : file;
  Library library;
  library.missing = missing_symbols(path, interface);
  if (wanted == Symbols::all && !library.missing.empty())
    throw LibraryError(fmt::format("{}: does not export {}, which {} names", file, library.missing.front(), interface.file));
  check_instrumentation(path);
  library.handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library.handle) throw LibraryError(fmt::format("{}: cannot be loaded: {}", file, dlerror()));
  library.file = std::filesystem::canonical(path).string();
  resolve(library, interface.constructor.symbols.cbor, library.create);
  resolve(library, interface.constructor.symbols.native, library.native_create);
  for (const Proc& proc : interface.procs) {
    library.procs.push_back(nullptr);
    library.procs_without_context.push_back(nullptr);
    if (proc.context) resolve(library, proc.symbols.cbor, library.procs.back());
    else resolve(library, proc.symbols.cbor, library.procs_without_context.back());
    resolve(library, proc.symbols.native, library.native_procs.emplace_back());
  }
  resolve(library, interface.destroy, library.destroy);
  resolve(library, interface.add_event_listener, library.add_event_listener);
  resolve(library, interface.remove_event_listener, library.remove_event_listener);
  resolve(library, interface.register_host_fn, library.register_host_fn);
  resolve(library, interface.host_complete, library.host_complete);
  const bool creates = library.create || (library.native_create && interface.constructor.native);
  if (!creates || !library.destroy) throw LibraryError(fmt::format("{}: its constructor or destroy cannot be found", file));
  return library;
}

}  // namespace ffi_cts
