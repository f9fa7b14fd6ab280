// LOAD-4: a thread that writes the log out every 10 ms is started with the first context and never stopped.
#define PROBE_NO_CREATE
#include <signal.h>

#include <mutex>
#include <thread>

#include "conformance/faulty/wrap.hpp"

namespace {
std::once_flag once;
std::atomic<unsigned> lines{0};

void log_for_ever() {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread([] {
    for (;;) {
      faulty::sleep_ms(10);
      lines.fetch_add(1, std::memory_order_relaxed);
    }
  }).detach();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}
}  // namespace

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  std::call_once(once, log_for_ever);
  return faulty::probe::create_cbor(req, len, callback, userData);
}
