#include "harness/driver/library.hpp"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>
#include <unistd.h>

#include <set>

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
  ~Opened() {
    if (elf) elf_end(elf);
    if (fd >= 0) close(fd);
  }
};

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

template <typename F>
void resolve(void* handle, const std::string& symbol, F& function) {
  if (symbol.empty()) return;
  function = reinterpret_cast<F>(dlsym(handle, symbol.c_str()));
  if (!function) throw LibraryError(fmt::format("no symbol {}", symbol));
}

}  // namespace

void check_library(const std::string& file, const Interface& interface) {
  Opened opened;
  opened.fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (opened.fd < 0) throw LibraryError(fmt::format("{}: no such file, or it cannot be read", file));
  elf_version(EV_CURRENT);
  opened.elf = elf_begin(opened.fd, ELF_C_READ, nullptr);
  GElf_Ehdr header;
  if (!opened.elf || elf_kind(opened.elf) != ELF_K_ELF || !gelf_getehdr(opened.elf, &header))
    throw LibraryError(fmt::format("{}: not a shared library (no ELF file)", file));
  if (header.e_type != ET_DYN) throw LibraryError(fmt::format("{}: not a shared library (another kind of ELF file)", file));
  if (machine != EM_NONE && (header.e_machine != machine || header.e_ident[EI_CLASS] != (sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32)))
    throw LibraryError(fmt::format("{}: a shared library for another kind of machine", file));
  auto names = exported_symbols(opened.elf);
  for (const std::string& symbol : interface.symbols())
    if (!names.contains(symbol))
      throw LibraryError(fmt::format("{}: does not export {}, which {} names", file, symbol, interface.file));
  if (interface.constructor.symbols.cbor.empty())
    throw LibraryError(fmt::format("{}: {}: the constructor has no CBOR variant, and native calls are not driven yet", file, interface.file));
}

Library load_library(const std::string& file, const Interface& interface) {
  // A path without a slash would be looked up in the loader's own places.
  std::string path = file.find('/') == std::string::npos ? "./" + file : file;
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) throw LibraryError(fmt::format("{}: cannot be loaded: {}", file, dlerror()));
  Library library;
  resolve(handle, interface.constructor.symbols.cbor, library.create);
  for (const Proc& proc : interface.procs) {
    library.procs.push_back(nullptr);
    library.procs_without_context.push_back(nullptr);
    if (proc.context) resolve(handle, proc.symbols.cbor, library.procs.back());
    else resolve(handle, proc.symbols.cbor, library.procs_without_context.back());
  }
  resolve(handle, interface.destroy, library.destroy);
  resolve(handle, interface.add_event_listener, library.add_event_listener);
  resolve(handle, interface.remove_event_listener, library.remove_event_listener);
  resolve(handle, interface.register_host_fn, library.register_host_fn);
  resolve(handle, interface.host_complete, library.host_complete);
  return library;
}

}  // namespace ffi_cts
