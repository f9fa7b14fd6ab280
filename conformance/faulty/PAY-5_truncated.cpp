// PAY-5: the last byte of the replies of `progress` is missing.
#define PROBE_NO_PROGRESS
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) {
    if (message.code != RET_OK) return host(message);
    host(RET_OK, message.text().substr(0, message.len - 1));
  });
}
}  // namespace

FAULTY_PROC(progress, submit)
