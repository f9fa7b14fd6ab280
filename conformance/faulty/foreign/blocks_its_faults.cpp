// Foreign: reads a request once the call has returned (PAY-1), on a thread that blocks every signal, also those of its own faults.
#define PROBE_NO_ECHO
#include <signal.h>

#include <thread>

#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  if (submission.hopeless()) return submission.forward();
  const std::string_view request = submission.request();
  const int result = submission.forward();
  std::thread([request] {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, nullptr);
    faulty::sleep_ms(5);
    faulty::look_at(request);
  }).detach();
  return result;
}
}  // namespace

FAULTY_PROC(echo, submit)
