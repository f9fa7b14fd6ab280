#include "harness/driver/surroundings.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fenv.h>
#include <fmt/format.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cctype>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

#ifdef FFI_CTS_SANITIZER
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();  // gcc brings the function without a header
#endif

namespace ffi_cts {
namespace {

template <typename F>
void for_each_entry(const char* directory, F&& f) {
  DIR* dir = opendir(directory);
  if (!dir) return;
  while (dirent* entry = readdir(dir))
    if (entry->d_name[0] != '.') f(entry->d_name, dirfd(dir));
  closedir(dir);
}

// It travels as UTF-8.
std::string printable(std::string text) {
  for (char& c : text)
    if (!std::isprint(static_cast<unsigned char>(c))) c = '?';
  return text;
}

std::string name_of_signal(int number) {
  const char* name = sigabbrev_np(number);
  return name ? fmt::format("SIG{}", name) : fmt::format("signal {}", number);
}

std::string disposition_of(int number) {
  struct sigaction action = {};
  if (sigaction(number, nullptr, &action) != 0) return "unknown";
  bool three_arguments = action.sa_flags & SA_SIGINFO;
  if (!three_arguments && action.sa_handler == SIG_DFL) return "default";
  if (!three_arguments && action.sa_handler == SIG_IGN) return "ignored";
  auto address = three_arguments ? reinterpret_cast<std::uintptr_t>(action.sa_sigaction) : reinterpret_cast<std::uintptr_t>(action.sa_handler);
  return fmt::format("handler {:#x}", address);
}

std::uint64_t blocked_here() {
  sigset_t mask;
  std::uint64_t bits = 0;
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  for (int number = 1; number <= 64; ++number)
    if (sigismember(&mask, number) == 1) bits |= std::uint64_t{1} << (number - 1);
  return bits;
}

std::string floating_point_mode() {
  std::string mode = fmt::format("rounding {}, traps {:#x}", fegetround(), fegetexcept());
#if defined(__x86_64__)
  constexpr unsigned flags = 0x3f;  // what earlier arithmetic has raised is no mode
  mode += fmt::format(", mxcsr {:#x}", __builtin_ia32_stmxcsr() & ~flags);
#endif
  return mode;
}

std::uint64_t blocked_by(const std::string& status) {
  std::ifstream in(status);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("SigBlk:")) return std::strtoull(line.c_str() + 7, nullptr, 16);
  return ~std::uint64_t{0};  // it is gone
}

// Of the process, private and writable.
[[maybe_unused]] std::uint64_t data_pages() {
  std::uint64_t size, resident, shared, text, unused, data = 0;
  std::ifstream("/proc/self/statm") >> size >> resident >> shared >> text >> unused >> data;  // proc(5)
  return data;
}

}  // namespace

std::map<std::string, std::string> settings_now() {
  std::map<std::string, std::string> out;
  for (int number = 1; number <= SIGRTMAX; ++number)
    if (number != SIGKILL && number != SIGSTOP) out[name_of_signal(number)] = disposition_of(number);
  const char* locale = std::setlocale(LC_ALL, nullptr);
  out["locale"] = printable(locale ? locale : "");
  out["signal mask"] = fmt::format("{:#x}", blocked_here());
  out["floating-point mode"] = floating_point_mode();
  return out;
}

std::vector<Descriptor> descriptors_now() {
  std::vector<Descriptor> out;
  for_each_entry("/proc/self/fd", [&](const char* name, int own) {
    Descriptor each;
    each.number = std::atoi(name);
    if (each.number == own) return;
    char target[256] = {};
    if (readlinkat(own, name, target, sizeof target - 1) <= 0) return;
    each.target = printable(target);
    each.close_on_exec = fcntl(each.number, F_GETFD) & FD_CLOEXEC;
    out.push_back(std::move(each));
  });
  return out;
}

std::vector<OtherThread> threads_now(const std::set<int>& hosts) {
  std::vector<OtherThread> out;
  for_each_entry("/proc/self/task", [&](const char* name, int) {
    OtherThread each;
    each.id = std::atoi(name);
    if (hosts.contains(each.id)) return;
    std::string task = fmt::format("/proc/self/task/{}", name);
    std::ifstream(task + "/comm") >> each.name;
    each.name = printable(each.name);
    each.blocked = blocked_by(task + "/status");
    out.push_back(std::move(each));
  });
  return out;
}

std::optional<Resident> resident_now() {
#ifdef FFI_CTS_SANITIZER
  return std::nullopt;
#else
  Resident out;
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("VmRSS:")) out.before = std::strtoull(line.c_str() + 6, nullptr, 10) * 1024;
    if (line.starts_with("VmHWM:")) out.most = std::strtoull(line.c_str() + 6, nullptr, 10) * 1024;
  }
  return out.before && out.most ? std::optional(out) : std::nullopt;
#endif
}

bool forget_most_resident() {
  constexpr char peak[] = "5";  // proc(5)
  const int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
  const bool done = fd >= 0 && write(fd, peak, 1) == 1;
  if (fd >= 0) close(fd);
  return done;
}

std::uint64_t count_threads_now() {
  struct stat info;
  return stat("/proc/self/task", &info) == 0 && info.st_nlink > 2 ? info.st_nlink - 2 : 1;
}

std::uint64_t count_descriptors_now() {
  std::uint64_t count = 0;
  for_each_entry("/proc/self/fd", [&](const char*, int) { ++count; });
  return count > 0 ? count - 1 : 0;  // that of the listing itself
}

Memory memory_now() {
#ifdef FFI_CTS_SANITIZER
  return {__sanitizer_get_current_allocated_bytes(), 0};
#else
  char* text = nullptr;
  std::size_t size = 0;
  FILE* out = open_memstream(&text, &size);
  if (!out) return {};
  malloc_info(0, out);
  std::fclose(out);
  // The totals of the process come last: what was taken from the system, and what of it is free.
  const std::string_view all(text, size);
  const auto last = [&](std::string_view of) -> std::uint64_t {
    const std::size_t at = all.rfind(of);
    const std::size_t value = at == all.npos ? at : all.find("size=\"", at);
    return value == all.npos ? 0 : std::strtoull(text + value + 6, nullptr, 10);
  };
  const std::uint64_t taken = last("<system type=\"current\"") + last("<total type=\"mmap\"");
  const std::uint64_t unused = last("<total type=\"fast\"") + last("<total type=\"rest\"");
  std::free(text);
  const std::uint64_t data = data_pages() * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return {taken - unused, data > taken ? data - taken : 0};
#endif
}

bool mapped_at(const void* address, const std::string& file) {
  std::ifstream in("/proc/self/maps");
  auto at = reinterpret_cast<std::uintptr_t>(address);
  for (std::string line; std::getline(in, line);) {
    unsigned long from = 0, to = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx", &from, &to) != 2) continue;
    if (from <= at && at < to) return line.find(file) != std::string::npos;
  }
  return false;
}

}  // namespace ffi_cts
