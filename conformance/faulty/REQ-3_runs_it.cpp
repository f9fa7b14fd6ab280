// REQ-3: a request without a callback is accepted and run, its answer goes nowhere.
#define FAULTY_BREAKS_EVERY_PROC
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(faulty::Submission submission) {
  if (!submission.callback) submission.callback = [](int, const char*, std::size_t, void*) {};
  return submission.forward();
}
}  // namespace

FAULTY_EVERY_PROC(submit)
