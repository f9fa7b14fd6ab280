// Foreign, and correct: a thread of the process wakes every 100 ms and never leaves. It pins the library, so that
// unloading stays safe.
#define PROBE_NO_CREATE
#include <dlfcn.h>
#include <signal.h>

#include <mutex>
#include <thread>

#include "conformance/faulty/wrap.hpp"

namespace {
std::once_flag once;
std::atomic<unsigned> wakes{0};

void poll_for_ever() {
  Dl_info self{};
  dladdr(reinterpret_cast<const void*>(&poll_for_ever), &self);
  dlopen(self.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread([] {
    for (;;) {
      faulty::sleep_ms(100);
      wakes.fetch_add(1, std::memory_order_relaxed);
    }
  }).detach();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}
}  // namespace

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  std::call_once(once, poll_for_ever);
  return faulty::probe::create_cbor(req, len, callback, userData);
}
