// REQ-1: `empty` is accepted and done, and its answer is thrown away.
#define PROBE_NO_EMPTY
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host&, const faulty::Message&) {});
}
}  // namespace

FAULTY_PROC(empty, submit)
