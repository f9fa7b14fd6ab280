// REQ-1: one answer in 200 comes twice.
#define FAULTY_BREAKS_EVERY_PROC
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) {
    host(message);
    if (message.terminal() && faulty::chance(200)) host(message);
  });
}
}  // namespace

FAULTY_EVERY_PROC(submit)
