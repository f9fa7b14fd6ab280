// ffi-cts-worker: loads one library and runs programs against it, for one parent. Started by ffi-cts, not by people.
//   ffi-cts-worker LINK SHARED ALARM REPORTS LIBRARY INTERFACE     (four descriptors, two paths)
#include <cxxabi.h>
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>

#include "harness/driver/crossing.hpp"
#include "harness/driver/driver.hpp"
#include "harness/driver/instrumentation.hpp"
#include "harness/program/text.hpp"
#include "harness/worker/facts.hpp"
#include "harness/worker/link.hpp"
#include "harness/worker/watch.hpp"

#ifdef FFI_CTS_SANITIZER
extern "C" void __sanitizer_set_report_fd(void* fd);  // gcc brings the function without a header
#endif

namespace ffi_cts {
namespace {

Shared* shared = nullptr;
int alarm_fd = -1;
pid_t own_pid = 0;

// Notes what happened, tells the parent, and waits for it: it looks at the stacks and then ends this process.
void on_crash(int signal, siginfo_t* info, [[maybe_unused]] void* context) {
  if (getpid() != own_pid) {  // a process that the library forked
    struct sigaction usual = {};
    usual.sa_handler = SIG_DFL;
    sigaction(signal, &usual, nullptr);
    raise(signal);
    return;
  }
  if (shared->crashed.exchange(1, std::memory_order_relaxed) == 0) {
    shared->crash_signal = signal;
    shared->crash_tid = static_cast<std::int32_t>(syscall(SYS_gettid));
    shared->crash_thread = thread_in_trace();
    shared->crash_address = reinterpret_cast<std::uint64_t>(info->si_addr);
#ifdef __x86_64__
    constexpr greg_t write_fault = 2;  // a bit of the processor's error code
    const auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    shared->crash_write = signal == SIGSEGV && (registers[REG_ERR] & write_fault);
#endif
    shared->crashed.store(2, std::memory_order_release);
    [[maybe_unused]] ssize_t n = write(alarm_fd, "!", 1);
  }
  while (true) pause();
}

void catch_crashes() {
  static char stack[64 * 1024];
  stack_t alternate = {};
  alternate.ss_sp = stack;
  alternate.ss_size = sizeof stack;
  sigaltstack(&alternate, nullptr);
  struct sigaction action = {};
  action.sa_sigaction = on_crash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS}) sigaction(signal, &action, nullptr);
}

// Out of the way of a library that closes or counts descriptors, and closed in any process that it starts.
int move_high(int fd) {
  int high = fcntl(fd, F_DUPFD_CLOEXEC, first_own_descriptor);
  if (high < 0) return fd;
  close(fd);
  return high;
}

// An endpoint opens descriptors of its own. While the lower numbers are taken they, too, get high ones.
std::unique_ptr<WorkerLink> link_over(int given) {
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  while (true) {
    const int taken = dup(nothing);
    if (taken >= first_own_descriptor) close(taken);
    if (taken < 0 || taken >= first_own_descriptor) break;
  }
  const int in = move_high(given);
  auto link = std::make_unique<WorkerLink>(LinkEnd::driver, in, fcntl(in, F_DUPFD_CLOEXEC, first_own_descriptor));
  close_range(STDERR_FILENO + 1, first_own_descriptor - 1, 0);
  return link;
}

// Where the sanitizer that this process is built with writes its reports.
void report_to([[maybe_unused]] int fd) {
#ifdef FFI_CTS_SANITIZER
  const auto file = [](int number) { return reinterpret_cast<void*>(static_cast<std::intptr_t>(number)); };
  __sanitizer_set_report_fd(file(fd));
  // That of gcc for undefined behaviour is a library of its own, with a function of its own. Its first report closes the other's.
  void* undefined = dlopen("libubsan.so.1", RTLD_LAZY | RTLD_NOLOAD);
  using Set = void (*)(void*);
  auto set = undefined ? reinterpret_cast<Set>(dlsym(undefined, "__sanitizer_set_report_fd")) : nullptr;
  if (set) set(file(fcntl(fd, F_DUPFD_CLOEXEC, fd)));
#endif
}

void note_baseline() {
  std::uint32_t count = 0;
  DIR* dir = opendir("/proc/self/task");
  while (dirent* entry = dir ? readdir(dir) : nullptr) {
    int tid = std::atoi(entry->d_name);
    bool host = tid == 0;
    for (int known : shared->host_tids) host = host || tid == known;
    if (!host && count < 16) shared->baseline_tids[count++] = tid;
  }
  if (dir) closedir(dir);
  shared->baseline_count = count;
}

// Nobody caught it: tell what it was. Only the library's are of interest, and the host's code throws nothing into it.
[[noreturn]] void on_terminate() {
  std::type_info* type = abi::__cxa_current_exception_type();
  bool of_library = in_library > 0 || thread_in_trace() >= max_threads;
  if (of_library && std::current_exception()) {
    int status = 0;
    char* name = type ? abi::__cxa_demangle(type->name(), nullptr, nullptr, &status) : nullptr;
    const char* said = "";
    try {
      throw;
    } catch (const std::exception& error) {
      said = error.what();
    } catch (...) {
    }
    const char* kind = name ? name : "an exception of another language";
    std::snprintf(shared->uncaught, sizeof shared->uncaught, "%s%s%s", kind, *said ? ": " : "", said);
  }
  std::abort();
}

// The end of a process that is one program's own: the host lets the library go, then its threads, then the process.
[[noreturn]] void end_of(Driver& driver, WorkerLink& link, Loading& loading) {
  auto tell = [&] { link.send({"facts", to_value(loading)}); };
  if (!driver.may_unload()) _exit(chosen_status);
  loading.unloading.emplace();
  tell();
  shared->phase = static_cast<std::uint32_t>(Phase::unloading);
  driver.unload(*loading.unloading);
  tell();
  driver.look_for_threads(*loading.unloading);
  tell();
  driver.end_threads();
  std::exit(chosen_status);
}

class Server {
 public:
  Server(WorkerLink& link, Recorder& recorder, std::string library, std::string interface_file)
      : link_(link), recorder_(recorder), interface_(load_interface(interface_file)), driver_(recorder, interface_) {
    note_baseline();
    shared->phase = static_cast<std::uint32_t>(Phase::loading);
    loading_.before = driver_.surroundings();
    Library loaded = load_library(library, interface_, Symbols::part);
    loading_.loaded = driver_.surroundings();
    loading_.missing = loaded.missing;
    order_crossings(instrumentation_of(library).sanitizer != Sanitizer::thread);
    driver_.set_library(std::move(loaded));
  }

  void serve() {
    shared->phase = static_cast<std::uint32_t>(Phase::idle);
    link_.send({"ready"});
    do {
      while (auto message = link_.next()) run(*message);
    } while (link_.wait());
  }

 private:
  // ["run", sequence, slot, settle_ms, program]
  void run(const List& message) {
    Program program = parse_program(*message[4].text());
    recorder_.begin(static_cast<std::uint32_t>(*message[2].uint()));
    if (program.fresh_process) link_.send({"facts", to_value(loading_)});
    shared->phase = static_cast<std::uint32_t>(Phase::running);
    Driver::End end = driver_.run(program, static_cast<int>(*message[3].uint()));
    shared->phase = static_cast<std::uint32_t>(Phase::idle);
    if (program.fresh_process) {
      loading_.creating = driver_.noted().creating;
      loading_.created = driver_.noted().created;
      loading_.used = driver_.noted().used;
      loading_.resident = driver_.noted().resident;
      link_.send({"facts", to_value(loading_)});
    }
    // The parent looks at a stuck process, and then ends it.
    if (!link_.send({"done", message[1], Value(static_cast<int>(end))})) _exit(lost_link_status);
    while (end != Driver::End::completed) pause();
    if (program.fresh_process) end_of(driver_, link_, loading_);
  }

  WorkerLink& link_;
  Recorder& recorder_;
  Interface interface_;
  Driver driver_;
  Loading loading_;
};

[[noreturn]] void serve(WorkerLink& link, Recorder& recorder, const std::string& library, const std::string& interface_file) {
  try {
    while (!link.next())
      if (!link.wait()) _exit(lost_link_status);
    Server(link, recorder, library, interface_file).serve();
    _exit(lost_link_status);  // a parent that wants the end kills
  } catch (const std::exception& error) {
    link.send({"unusable", error.what()});
  }
  _exit(2);
}

}  // namespace
}  // namespace ffi_cts

int main(int argc, char** argv) {
  using namespace ffi_cts;
  if (argc != 7) {
    fmt::print(stderr, "ffi-cts-worker: started by ffi-cts, not by hand\n");
    return 2;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_PTRACER, static_cast<unsigned long>(getppid()));
  own_pid = getpid();
  constexpr unsigned int first_given = 1000, given = 4;  // spawn.cpp
  close_range(STDERR_FILENO + 1, first_given - 1, 0);    // what the parent's parent left open
  close_range(first_given + given, ~0u, 0);
  const auto link = link_over(std::atoi(argv[1]));
  int shared_fd = move_high(std::atoi(argv[2]));
  alarm_fd = move_high(std::atoi(argv[3]));
  report_to(move_high(std::atoi(argv[4])));
  void* memory = mmap(nullptr, shared_size(), PROT_READ | PROT_WRITE, MAP_SHARED, shared_fd, 0);
  if (memory == MAP_FAILED) return 2;
  close(shared_fd);
  shared = static_cast<Shared*>(memory);
  catch_crashes();
  std::set_terminate(on_terminate);
  Recorder recorder(shared);
  serve(*link, recorder, argv[5], argv[6]);
}
