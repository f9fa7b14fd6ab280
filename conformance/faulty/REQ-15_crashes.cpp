// REQ-15: a request to a context whose constructor failed uses what the constructor did not make.
#define FAULTY_BREAKS_EVERY_PROC
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;

int submit(const faulty::Submission& submission) {
  const auto state = contexts.of(submission.ctx);
  if (state && state->failed && !state->closing) faulty::crash();
  return submission.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_EVERY_PROC(submit)
