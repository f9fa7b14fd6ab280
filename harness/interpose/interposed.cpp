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

#include <memory>

#include "harness/interpose/schedule.hpp"

namespace {

using ffi_cts::schedule::point;

// Found once each, also when the linker itself is asked for the first of them.
template <typename F>
F* next_of(F*& found, const char* name, const char* version = nullptr) {
  F* known = __atomic_load_n(&found, __ATOMIC_RELAXED);
  if (known) return known;
  void* symbol = version ? dlvsym(RTLD_NEXT, name, version) : nullptr;
  if (!symbol) symbol = dlsym(RTLD_NEXT, name);
  known = reinterpret_cast<F*>(symbol);
  __atomic_store_n(&found, known, __ATOMIC_RELAXED);
  return known;
}

// A stack for signal handlers, so that one that runs out of its own is still told of. Of this thread, as long as it lives.
class AlternateStack {
 public:
  AlternateStack() {
    memory_ = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (memory_ == MAP_FAILED) return;
    stack_t stack = {};
    stack.ss_sp = memory_;
    stack.ss_size = size;
    sigaltstack(&stack, nullptr);
  }
  ~AlternateStack() {
    if (memory_ == MAP_FAILED) return;
    stack_t now = {};
    if (sigaltstack(nullptr, &now) != 0 || now.ss_sp != memory_) return;  // the library has put its own in place
    now = {};
    now.ss_flags = SS_DISABLE;
    sigaltstack(&now, nullptr);
    munmap(memory_, size);
  }

 private:
  static constexpr std::size_t size = 64 * 1024;
  void* memory_;
};

struct Start {
  void* (*routine)(void*);
  void* argument;
};

void* start(void* given) {
  const Start what = *std::unique_ptr<Start>(static_cast<Start*>(given));
  thread_local AlternateStack stack;
  point();
  return what.routine(what.argument);
}

}  // namespace

#define EXPORTED extern "C" __attribute__((visibility("default")))

EXPORTED int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*routine)(void*), void* argument) {
  static int (*next)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  auto given = std::make_unique<Start>(Start{routine, argument});
  const int result = next_of(next, "pthread_create")(thread, attributes, start, given.get());
  if (result == 0) static_cast<void>(given.release());
  return result;
}

EXPORTED int pthread_mutex_lock(pthread_mutex_t* mutex) {
  static int (*next)(pthread_mutex_t*);
  point();
  return next_of(next, "pthread_mutex_lock")(mutex);
}

EXPORTED int pthread_mutex_unlock(pthread_mutex_t* mutex) {
  static int (*next)(pthread_mutex_t*);
  const int result = next_of(next, "pthread_mutex_unlock")(mutex);
  point();
  return result;
}

// Of the condition functions an old version exists, too, which a search without a version may find.
constexpr const char* condition_version = "GLIBC_2.3.2";

EXPORTED int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  static int (*next)(pthread_cond_t*, pthread_mutex_t*);
  const int result = next_of(next, "pthread_cond_wait", condition_version)(condition, mutex);
  point();
  return result;
}

EXPORTED int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until) {
  static int (*next)(pthread_cond_t*, pthread_mutex_t*, const timespec*);
  const int result = next_of(next, "pthread_cond_timedwait", condition_version)(condition, mutex, until);
  point();
  return result;
}

EXPORTED int pthread_cond_signal(pthread_cond_t* condition) {
  static int (*next)(pthread_cond_t*);
  point();
  return next_of(next, "pthread_cond_signal", condition_version)(condition);
}

EXPORTED int pthread_cond_broadcast(pthread_cond_t* condition) {
  static int (*next)(pthread_cond_t*);
  point();
  return next_of(next, "pthread_cond_broadcast", condition_version)(condition);
}

EXPORTED int sem_wait(sem_t* semaphore) {
  static int (*next)(sem_t*);
  const int result = next_of(next, "sem_wait")(semaphore);
  point();
  return result;
}

EXPORTED int sem_post(sem_t* semaphore) {
  static int (*next)(sem_t*);
  point();
  return next_of(next, "sem_post")(semaphore);
}

EXPORTED ssize_t write(int fd, const void* bytes, size_t size) {
  static ssize_t (*next)(int, const void*, size_t);
  if (size == 8) point();  // as an eventfd takes them
  return next_of(next, "write")(fd, bytes, size);
}

// Locks of other runtimes are made of futexes.
EXPORTED long syscall(long number, ...) {
  static long (*next)(long, ...);
  va_list list;
  va_start(list, number);
  long a[6];
  for (long& argument : a) argument = va_arg(list, long);
  va_end(list);
  if (number == SYS_futex) point();
  return next_of(next, "syscall")(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

namespace {

// Handlers of signals call these two, where nothing may be looked up any more.
[[gnu::constructor]] void find_what_handlers_call() {
  static_cast<void>(!write(-1, nullptr, 0));
  syscall(SYS_gettid);
}

}  // namespace
