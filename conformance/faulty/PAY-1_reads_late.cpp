// PAY-1: when an echo is answered, its request is looked at once more, where the host had it.
#define PROBE_NO_ECHO
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  if (submission.hopeless()) return submission.forward();
  return submission.intercept([request = submission.request()](const faulty::Host& host, const faulty::Message& message) {
    faulty::look_at(request);
    host(message);
  });
}
}  // namespace

FAULTY_PROC(echo, submit)
