// PAY-4: the progress messages of `progress` arrive empty, with NULL as their pointer.
#define PROBE_NO_PROGRESS
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) {
    host(message.terminal() ? message : faulty::Message{message.code, nullptr, 0});
  });
}
}  // namespace

FAULTY_PROC(progress, submit)
