// REQ-1: every answer comes twice.
#define FAULTY_BREAKS_EVERY_PROC
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) {
    host(message);
    if (message.terminal()) host(message);
  });
}
}  // namespace

FAULTY_EVERY_PROC(submit)
