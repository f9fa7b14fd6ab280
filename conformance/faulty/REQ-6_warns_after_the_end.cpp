// REQ-6: a progress message follows the answer of `progress`.
#define PROBE_NO_PROGRESS
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) {
    host(message);
    if (message.terminal()) host(RET_STALE_WARN, "\xa2\x64text\x60\x65index\x18\x63");  // {text: "", index: 99}
  });
}
}  // namespace

FAULTY_PROC(progress, submit)
