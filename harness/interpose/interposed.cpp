// The worker's own versions of functions of the C library. Libraries find them first, since a program's own symbols come before those
// of its libraries; each does what the C library's does, with a point of the schedule before or after. Calls that do not go through
// the dynamic linker (another runtime's system calls, say) are not seen. interposed.list exports these and nothing else.
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <memory>

#include "harness/interpose/schedule.hpp"

namespace {

using ffi_cts::schedule::point;

// The C library's function of a name. Found before the library under test is loaded: while libraries initialise themselves the
// linker holds a lock, and a thread that asked it for something then would wait for whoever waits for the thread.
template <typename F>
class Next {
 public:
  // Of some functions an old version exists, too, which a search without a version may find.
  constexpr explicit Next(const char* name, const char* version = nullptr) : name_(name), version_(version) {}

  F* get() {
    F* known = __atomic_load_n(&found_, __ATOMIC_RELAXED);
    if (known) return known;
    void* symbol = version_ ? dlvsym(RTLD_NEXT, name_, version_) : nullptr;
    if (!symbol) symbol = dlsym(RTLD_NEXT, name_);
    known = reinterpret_cast<F*>(symbol);
    __atomic_store_n(&found_, known, __ATOMIC_RELAXED);
    return known;
  }

 private:
  const char *name_, *version_;
  F* found_ = nullptr;
};

namespace next {

constexpr const char* condition_version = "GLIBC_2.3.2";

constinit Next<int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*)> create("pthread_create");
constinit Next<int(int, const sigset_t*, sigset_t*)> thread_mask("pthread_sigmask"), process_mask("sigprocmask");
constinit Next<int(pthread_mutex_t*)> lock("pthread_mutex_lock"), unlock("pthread_mutex_unlock");
constinit Next<int(pthread_cond_t*, pthread_mutex_t*)> wait("pthread_cond_wait", condition_version);
constinit Next<int(pthread_cond_t*, pthread_mutex_t*, const timespec*)> wait_until("pthread_cond_timedwait", condition_version);
constinit Next<int(pthread_cond_t*)> signal("pthread_cond_signal", condition_version), broadcast("pthread_cond_broadcast", condition_version);
constinit Next<int(sem_t*)> take("sem_wait"), post("sem_post");
constinit Next<ssize_t(int, const void*, size_t)> write("write");
constinit Next<long(long, ...)> system_call("syscall");

void find_all() {
  for (auto* one : {&lock, &unlock}) one->get();
  for (auto* one : {&signal, &broadcast}) one->get();
  for (auto* one : {&take, &post}) one->get();
  for (auto* one : {&thread_mask, &process_mask}) one->get();
  create.get();
  wait.get();
  wait_until.get();
  write.get();
  system_call.get();
}

}  // namespace next

// A stack for signal handlers, so that a thread that runs out of its own is still told of. It is the thread's as long as that lives.
constexpr std::size_t handler_stack_size = 64 * 1024;
pthread_key_t handler_stack;

std::array<std::atomic<void*>, 16> free_handler_stacks;  // libraries start threads often, and mapping takes long

void end_handler_stack(void* memory) {
  stack_t now = {};
  if (sigaltstack(nullptr, &now) != 0 || now.ss_sp != memory) return;  // the library has put its own in place
  now = {};
  now.ss_flags = SS_DISABLE;
  sigaltstack(&now, nullptr);
  for (std::atomic<void*>& place : free_handler_stacks)
    if (void* none = nullptr; place.compare_exchange_strong(none, memory)) return;
  munmap(memory, handler_stack_size);
}

void begin_handler_stack() {
  void* memory = nullptr;
  for (std::atomic<void*>& place : free_handler_stacks)
    if ((memory = place.load() ? place.exchange(nullptr) : nullptr)) break;
  if (!memory) memory = mmap(nullptr, handler_stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED) return;
  stack_t stack = {};
  stack.ss_sp = memory;
  stack.ss_size = handler_stack_size;
  sigaltstack(&stack, nullptr);
  pthread_setspecific(handler_stack, memory);
}

// A thread that blocks the signals of its own faults dies of them without a word of where.
class Faults {
 public:
  Faults(int how, const sigset_t* set) : given_(set) {
    if (!set || how == SIG_UNBLOCK) return;
    without_ = *set;
    for (int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS}) sigdelset(&without_, signal);
    given_ = &without_;
  }
  const sigset_t* left_out() const { return given_; }

 private:
  const sigset_t* given_;
  sigset_t without_;
};

struct Start {
  void* (*routine)(void*);
  void* argument;
};

void* start(void* given) {
  const Start what = *std::unique_ptr<Start>(static_cast<Start*>(given));
  begin_handler_stack();
  point();
  return what.routine(what.argument);
}

}  // namespace

#define EXPORTED extern "C" __attribute__((visibility("default")))

EXPORTED int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*routine)(void*), void* argument) {
  auto given = std::make_unique<Start>(Start{routine, argument});
  const int result = next::create.get()(thread, attributes, start, given.get());
  if (result == 0) static_cast<void>(given.release());
  return result;
}

EXPORTED int pthread_sigmask(int how, const sigset_t* set, sigset_t* before) {
  return next::thread_mask.get()(how, Faults(how, set).left_out(), before);
}

EXPORTED int sigprocmask(int how, const sigset_t* set, sigset_t* before) {
  return next::process_mask.get()(how, Faults(how, set).left_out(), before);
}

EXPORTED int pthread_mutex_lock(pthread_mutex_t* mutex) {
  point();
  return next::lock.get()(mutex);
}

EXPORTED int pthread_mutex_unlock(pthread_mutex_t* mutex) {
  const int result = next::unlock.get()(mutex);
  point();
  return result;
}

EXPORTED int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  const int result = next::wait.get()(condition, mutex);
  point();
  return result;
}

EXPORTED int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until) {
  const int result = next::wait_until.get()(condition, mutex, until);
  point();
  return result;
}

EXPORTED int pthread_cond_signal(pthread_cond_t* condition) {
  point();
  return next::signal.get()(condition);
}

EXPORTED int pthread_cond_broadcast(pthread_cond_t* condition) {
  point();
  return next::broadcast.get()(condition);
}

EXPORTED int sem_wait(sem_t* semaphore) {
  const int result = next::take.get()(semaphore);
  point();
  return result;
}

EXPORTED int sem_post(sem_t* semaphore) {
  point();
  return next::post.get()(semaphore);
}

EXPORTED ssize_t write(int fd, const void* bytes, size_t size) {
  if (size == 8) point();  // as an eventfd takes them
  return next::write.get()(fd, bytes, size);
}

// Locks of other runtimes are made of futexes.
EXPORTED long syscall(long number, ...) {
  va_list list;
  va_start(list, number);
  long a[6];
  for (long& argument : a) argument = va_arg(list, long);
  va_end(list);
  if (number == SYS_futex) point();
  return next::system_call.get()(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

namespace {

[[gnu::constructor]] void prepare() {
  next::find_all();
  pthread_key_create(&handler_stack, end_handler_stack);
}

}  // namespace
