// REQ-16: an echo is answered with the reply of the context's echo before it.
#define PROBE_NO_ECHO
#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  std::string previous;  // of the loop alone
};
faulty::Contexts<State> contexts;

int submit(const faulty::Submission& submission) {
  const auto state = contexts.of(submission.ctx);
  if (!state) return submission.forward();
  return submission.intercept([state](const faulty::Host& host, const faulty::Message& message) {
    if (message.code != RET_OK) return host(message);
    const std::string own(message.text());
    const std::string previous = std::exchange(state->previous, own);
    host(RET_OK, previous.empty() ? own : previous);
  });
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_PROC(echo, submit)
