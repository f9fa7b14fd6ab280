// END-2: what is in flight when the context is destroyed is never answered.
#define FAULTY_BREAKS_EVERY_PROC
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;

int submit(const faulty::Submission& submission) {
  const auto state = contexts.of(submission.ctx);
  if (!state) return submission.forward();
  return submission.intercept([state](const faulty::Host& host, const faulty::Message& message) {
    if (!state->closing || message.code != RET_ERR) host(message);
  });
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_EVERY_PROC(submit)
