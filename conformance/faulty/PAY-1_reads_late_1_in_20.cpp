// PAY-1: one echo in 20 looks at its request once more when it is answered, where the host had it.
#define PROBE_NO_ECHO
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  if (submission.hopeless() || !faulty::chance(20)) return submission.forward();
  return submission.intercept([request = submission.request()](const faulty::Host& host, const faulty::Message& message) {
    faulty::look_at(request);
    host(message);
  });
}
}  // namespace

FAULTY_PROC(echo, submit)
