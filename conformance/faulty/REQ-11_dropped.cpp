// REQ-11: a submission inside a callback of its context is accepted and forgotten.
#define FAULTY_BREAKS_EVERY_PROC
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;

int submit(const faulty::Submission& submission) {
  if (submission.hopeless()) return submission.forward();
  const auto state = contexts.of(submission.ctx);
  if (state && !state->closing && !state->failed && state.get() == contexts.here()) return RET_OK;
  return submission.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_EVERY_PROC(submit)
