// REQ-18: a refused request returns non-zero and calls nobody back.
#define FAULTY_BREAKS_EVERY_PROC
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) { host(message); },
                              [](const faulty::Host&, const faulty::Message&) {});
}
}  // namespace

FAULTY_EVERY_PROC(submit)
