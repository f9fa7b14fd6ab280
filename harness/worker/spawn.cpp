#include "harness/worker/spawn.hpp"

#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>
#include <new>
#include <stdexcept>
#include <vector>

#include "harness/worker/worker.hpp"

extern char** environ;

namespace ffi_cts {
namespace {

[[noreturn]] void fail(const char* what) { throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno))); }

Shared* map_shared(int& fd) {
  fd = memfd_create("ffi-cts", MFD_CLOEXEC);
  if (fd < 0 || ftruncate(fd, static_cast<off_t>(shared_size())) != 0) fail("memory for the trace");
  void* memory = mmap(nullptr, shared_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) fail("memory for the trace");
  auto* shared = new (memory) Shared();
  std::uint64_t offset = page;
  for (Slot& slot : shared->slots) {
    slot.records_offset = offset;
    slot.arena_offset = offset + record_capacity * sizeof(Record);
    offset = slot.arena_offset + arena_capacity;
  }
  return shared;
}

// A sanitizer's report shall end the worker by a signal, which is caught and told. What is not the rules' is not reported:
// leaks are another rule's matter, an order of locks that might one day deadlock is no breach, the host's signal handlers and
// threads that run on are the harness's own. A library that asks for too much memory gets none, as without a sanitizer.
std::vector<std::string> environment(const WorkerSetup& setup) {
  std::vector<std::string> out;
  std::string sanitizer = "abort_on_error=1:halt_on_error=1:print_stacktrace=1:detect_leaks=0:allocator_may_return_null=1"
                          ":detect_deadlocks=0:report_thread_leaks=0:report_signal_unsafe=0";
  sanitizer += fmt::format(":stack_trace_format='{}'", frame_format);
  // What a library orders without being built with ThreadSanitizer is not seen; what it does must not be, either.
  if (setup.sanitizer == Sanitizer::thread && !setup.instrumented) sanitizer += ":ignore_interceptors_accesses=1";
  const char* names[] = {"ASAN_OPTIONS=", "TSAN_OPTIONS=", "UBSAN_OPTIONS="};
  for (const char* name : names) {
    const char* set = getenv(std::string(name, std::strlen(name) - 1).c_str());
    out.push_back(name + sanitizer + (set ? std::string(":") + set : ""));
  }
  for (char** variable = environ; *variable; ++variable) {
    bool replaced = false;
    for (const char* name : names) replaced = replaced || std::strncmp(*variable, name, std::strlen(name)) == 0;
    if (!replaced) out.push_back(*variable);
  }
  return out;
}

// gcc's ThreadSanitizer cannot live with the address randomisation of newer kernels (vm.mmap_rnd_bits above 28): while one of
// these lives, what the thread starts has none.
class WithoutRandomisation {
 public:
  explicit WithoutRandomisation(bool wanted) : before_(wanted ? personality(ask) : -1) {
    if (before_ != -1) personality(static_cast<unsigned long>(before_) | ADDR_NO_RANDOMIZE);
  }
  ~WithoutRandomisation() {
    if (before_ != -1) personality(static_cast<unsigned long>(before_));
  }
  WithoutRandomisation(const WithoutRandomisation&) = delete;
  WithoutRandomisation& operator=(const WithoutRandomisation&) = delete;

 private:
  static constexpr unsigned long ask = 0xffffffff;
  int before_;
};

}  // namespace

Spawned spawn_worker(const WorkerSetup& setup) {
  int link[2], alarm[2], output[2], shared_fd;
  Spawned spawned{};
  spawned.shared = map_shared(shared_fd);
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, link) != 0 || pipe2(alarm, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0)
    fail("pipes for a worker");
  fcntl(output[0], F_SETFL, O_NONBLOCK);
  spawned.report = memfd_create("ffi-cts reports", MFD_CLOEXEC);
  if (spawned.report < 0) fail("memory for reports");

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output[1], 1);
  posix_spawn_file_actions_adddup2(&actions, output[1], 2);
  const int base = 1000;  // beyond what is open here; dup2 to another number clears close-on-exec
  const int inherited[] = {link[1], shared_fd, alarm[1], spawned.report};
  std::vector<std::string> arguments = {setup.program};
  for (int i = 0; i < 4; ++i) {
    posix_spawn_file_actions_adddup2(&actions, inherited[i], base + i);
    arguments.push_back(std::to_string(base + i));
  }
  arguments.push_back(setup.library);
  arguments.push_back(setup.interface_file);
  std::vector<std::string> variables = environment(setup);
  std::vector<char*> argv, envp;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  for (std::string& variable : variables) envp.push_back(variable.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  const WithoutRandomisation fixed(setup.sanitizer == Sanitizer::thread);
  int error = posix_spawn(&spawned.pid, setup.program.c_str(), &actions, &attributes, argv.data(), envp.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  for (int fd : {link[1], alarm[1], output[1], shared_fd}) close(fd);
  if (error) {
    errno = error;
    fail(setup.program.c_str());
  }
  spawned.process = static_cast<int>(syscall(SYS_pidfd_open, spawned.pid, 0));
  if (spawned.process < 0) fail("pidfd_open");
  spawned.link = link[0];
  spawned.alarm = alarm[0];
  spawned.output = output[0];
  return spawned;
}

}  // namespace ffi_cts
