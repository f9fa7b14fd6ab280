// REQ-2: `empty` succeeds with code 7.
#define PROBE_NO_EMPTY
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) {
    host(message.code == RET_OK ? 7 : message.code, message.text());
  });
}
}  // namespace

FAULTY_PROC(empty, submit)
