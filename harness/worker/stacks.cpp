#include "harness/worker/stacks.hpp"

#include <cxxabi.h>
#include <elfutils/libdwfl.h>
#include <fmt/format.h>

#include <cstdlib>
#include <cstring>
#include <memory>

namespace ffi_cts {
namespace {

constexpr std::size_t most_frames = 24;

// Symbols of the files themselves are enough; nothing is looked up elsewhere.
int no_debuginfo(Dwfl_Module*, void**, const char*, Dwarf_Addr, const char*, const char*, GElf_Word, char**) { return -1; }

std::string base_name(const char* path) {
  const char* slash = path ? std::strrchr(path, '/') : nullptr;
  return slash ? slash + 1 : path ? path : "?";
}

std::string demangled(const char* name) {
  int status = 0;
  std::unique_ptr<char, decltype(&std::free)> text(abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free);
  std::string out = status == 0 && text ? text.get() : name;
  std::size_t paren = out.find('(');
  return paren == std::string::npos || paren == 0 ? out : out.substr(0, paren);
}

struct Collector {
  Dwfl* dwfl;
  const std::map<int, std::string>& names;
  int only;
  std::vector<Stack> stacks;
};

int add_frame(Dwfl_Frame* frame, void* into) {
  auto& [collector, stack] = *static_cast<std::pair<Collector*, Stack*>*>(into);
  Dwarf_Addr pc = 0;
  bool activation = false;
  if (!dwfl_frame_pc(frame, &pc, &activation)) return DWARF_CB_ABORT;
  Dwarf_Addr at = activation ? pc : pc - 1;
  Frame& out = stack->frames.emplace_back();
  if (Dwfl_Module* module = dwfl_addrmodule(collector->dwfl, at)) {
    out.module = base_name(dwfl_module_info(module, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr));
    GElf_Off offset = 0;
    GElf_Sym symbol;
    const char* name = dwfl_module_addrinfo(module, at, &offset, &symbol, nullptr, nullptr, nullptr);
    if (name) {
      out.function = demangled(name);
      out.offset = offset;
    }
  }
  return stack->frames.size() >= most_frames ? DWARF_CB_ABORT : DWARF_CB_OK;
}

int add_thread(Dwfl_Thread* thread, void* into) {
  auto& collector = *static_cast<Collector*>(into);
  int tid = dwfl_thread_tid(thread);
  if (collector.only && tid != collector.only) return DWARF_CB_OK;
  Stack& stack = collector.stacks.emplace_back();
  auto named = collector.names.find(tid);
  stack.thread = named != collector.names.end() ? named->second : fmt::format("thread {}", tid);
  std::pair<Collector*, Stack*> argument{&collector, &stack};
  dwfl_thread_getframes(thread, add_frame, &argument);
  return DWARF_CB_OK;
}

}  // namespace

std::vector<Stack> stacks_of(int pid, const std::map<int, std::string>& names, int only) {
  Dwfl_Callbacks callbacks = {};
  callbacks.find_elf = dwfl_linux_proc_find_elf;
  callbacks.find_debuginfo = no_debuginfo;
  std::unique_ptr<Dwfl, decltype(&dwfl_end)> dwfl(dwfl_begin(&callbacks), &dwfl_end);
  if (!dwfl || dwfl_linux_proc_report(dwfl.get(), pid) != 0 || dwfl_report_end(dwfl.get(), nullptr, nullptr) != 0) return {};
  if (dwfl_linux_proc_attach(dwfl.get(), pid, false) != 0) return {};
  Collector collector{dwfl.get(), names, only, {}};
  dwfl_getthreads(dwfl.get(), add_thread, &collector);
  return std::move(collector.stacks);
}

}  // namespace ffi_cts
