// REQ-11: a submission inside a callback waits for the loop, which is inside that callback.
#define FAULTY_BREAKS_EVERY_PROC
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;

int submit(const faulty::Submission& submission) {
  if (contexts.here() && contexts.here() == contexts.of(submission.ctx).get()) faulty::sleep_forever();
  return submission.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_EVERY_PROC(submit)
