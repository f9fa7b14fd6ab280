// THR-3: `empty` is answered before its submission returns.
#define PROBE_NO_EMPTY
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;

int submit(const faulty::Submission& submission) {
  const auto state = contexts.of(submission.ctx);
  const bool known = state && state->constructed && !state->failed && !state->closing && !contexts.here();
  if (!known || submission.hopeless() || submission.request() != "\xa0") return submission.forward();
  faulty::Host{submission.callback, submission.userData}(RET_OK, "\xf6");
  return RET_OK;
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_PROC(empty, submit)
