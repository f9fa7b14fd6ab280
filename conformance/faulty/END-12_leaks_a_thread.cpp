// END-12: every second context starts a watchdog, which destroy forgets.
#define PROBE_NO_CREATE
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>

#include "conformance/faulty/wrap.hpp"

namespace {
std::atomic<unsigned> created{0};

void* watch(void*) {
  faulty::sleep_forever();
}

// It pins the library, so that unloading stays safe.
void start() {
  Dl_info self{};
  dladdr(reinterpret_cast<const void*>(&watch), &self);
  dlopen(self.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 64 * 1024);
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  if (pthread_create(&thread, &small, watch, nullptr) == 0) pthread_detach(thread);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&small);
}
}  // namespace

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  void* ctx = faulty::probe::create_cbor(req, len, callback, userData);
  if (ctx && created.fetch_add(1) % 2 == 1) start();
  return ctx;
}
