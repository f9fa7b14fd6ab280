// LOAD-5: loading starts a thread, which waits for work; unloading ends it.
#include <pthread.h>
#include <signal.h>

#include <atomic>

#include "conformance/faulty/wrap.hpp"

namespace {
pthread_t thread;
std::atomic<bool> over{false};

void* wait_for_work(void*) {
  over.wait(false);
  return nullptr;
}

__attribute__((constructor)) void start() {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_create(&thread, nullptr, wait_for_work, nullptr);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

__attribute__((destructor)) void stop() {
  over = true;
  over.notify_all();
  pthread_join(thread, nullptr);
}
}  // namespace
