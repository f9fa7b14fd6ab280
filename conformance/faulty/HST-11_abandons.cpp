// HST-11: what awaits a host call when its context is destroyed is never answered.
#define PROBE_NO_CALL_HOST
#include "conformance/faulty/host_functions.hpp"

namespace {
faulty::Contexts<faulty::Calls> contexts;

// A handler that was told by its call being dropped, not by an answer.
int submit(const faulty::Submission& submission) {
  return submission.intercept([ctx = submission.ctx](const faulty::Host& host, const faulty::Message& message) {
    const auto state = contexts.of(ctx);
    if (message.code != RET_ERR || !state || !state->closing || state->oldest() == 0) host(message);
  });
}
int complete(const faulty::Completion& completion) {
  const auto state = contexts.of(completion.ctx);
  if (state && !completion.null()) state->forget(completion.id);
  return completion.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REGISTER(contexts, faulty::plain_call)
FAULTY_COMPLETE(complete)
FAULTY_PROC(call_host, submit)
