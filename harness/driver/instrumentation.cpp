#include "harness/driver/instrumentation.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>
#include <unistd.h>

#include "harness/driver/library.hpp"

namespace ffi_cts {
namespace {

#ifdef FFI_CTS_SANITIZER
const Sanitizer own = sanitizer_of_word(FFI_CTS_SANITIZER).value_or(Sanitizer::none);
#else
const Sanitizer own = Sanitizer::none;
#endif
#ifdef __clang__
constexpr bool own_is_gcc = false;
#else
constexpr bool own_is_gcc = true;
#endif

void note(Instrumentation& seen, Sanitizer sanitizer, std::string_view name) {
  // Of several the thread sanitizer counts, then the address sanitizer: the other one comes along with it.
  if (seen.sanitizer == Sanitizer::thread || (seen.name == "AddressSanitizer" && sanitizer == Sanitizer::address)) return;
  seen.sanitizer = sanitizer;
  seen.name = name;
}

void note_needed(Instrumentation& seen, std::string_view library) {
  const bool clang = library.starts_with("libclang_rt.");
  if (library.starts_with("libtsan.") || library.starts_with("libclang_rt.tsan")) note(seen, Sanitizer::thread, "ThreadSanitizer");
  else if (library.starts_with("libasan.") || library.starts_with("libclang_rt.asan")) note(seen, Sanitizer::address, "AddressSanitizer");
  else if (library.starts_with("libubsan.") || library.starts_with("libclang_rt.ubsan")) note(seen, Sanitizer::address, "UndefinedBehaviorSanitizer");
  else return;
  seen.gcc = seen.gcc || !clang;
}

void note_undefined(Instrumentation& seen, std::string_view symbol) {
  if (symbol.starts_with("__tsan_func_entry") || symbol.starts_with("__tsan_init")) note(seen, Sanitizer::thread, "ThreadSanitizer");
  if (symbol.starts_with("__asan_init") || symbol.starts_with("__asan_report")) note(seen, Sanitizer::address, "AddressSanitizer");
  if (symbol.starts_with("__ubsan_handle")) note(seen, Sanitizer::address, "UndefinedBehaviorSanitizer");
}

void note_section(Instrumentation& seen, Elf* elf, Elf_Scn* section) {
  GElf_Shdr header;
  if (!gelf_getshdr(section, &header) || header.sh_entsize == 0) return;
  if (header.sh_type != SHT_DYNSYM && header.sh_type != SHT_DYNAMIC) return;
  Elf_Data* data = elf_getdata(section, nullptr);
  for (std::size_t i = 0; data && i < header.sh_size / header.sh_entsize; ++i) {
    GElf_Sym symbol;
    GElf_Dyn entry;
    const int number = static_cast<int>(i);
    const char* name = nullptr;
    if (header.sh_type == SHT_DYNAMIC) {
      if (gelf_getdyn(data, number, &entry) && entry.d_tag == DT_NEEDED) name = elf_strptr(elf, header.sh_link, entry.d_un.d_val);
      if (name) note_needed(seen, name);
    } else {
      if (gelf_getsym(data, number, &symbol) && symbol.st_shndx == SHN_UNDEF) name = elf_strptr(elf, header.sh_link, symbol.st_name);
      if (name) note_undefined(seen, name);
    }
  }
}

}  // namespace

Instrumentation instrumentation_of(const std::string& file) {
  Instrumentation seen;
  elf_version(EV_CURRENT);
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  Elf* elf = fd >= 0 ? elf_begin(fd, ELF_C_READ, nullptr) : nullptr;
  for (Elf_Scn* section = nullptr; elf && (section = elf_nextscn(elf, section));) note_section(seen, elf, section);
  if (elf) elf_end(elf);
  if (fd >= 0) close(fd);
  return seen;
}

void check_instrumentation(const std::string& file) {
  const Instrumentation seen = instrumentation_of(file);
  if (seen.sanitizer == Sanitizer::none) return;
  if (seen.sanitizer != own)
    throw LibraryError(fmt::format("{}: built with {}: judge it with --worker {}", file, seen.name, worker_word(seen.sanitizer)));
  if (seen.gcc != own_is_gcc)
    throw LibraryError(fmt::format("{}: built with {}'s {}, and this ffi-cts with {}'s: build both with one compiler", file,
                                   seen.gcc ? "gcc" : "clang", seen.name, own_is_gcc ? "gcc" : "clang"));
}

}  // namespace ffi_cts
