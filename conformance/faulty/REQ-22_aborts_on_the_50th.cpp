// REQ-22: the 50th request of a context ends the process.
#define FAULTY_BREAKS_EVERY_PROC
#include <cstdlib>

#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  std::atomic<int> requests{0};
};
faulty::Contexts<State> contexts;

int submit(const faulty::Submission& submission) {
  const auto state = contexts.of(submission.ctx);
  if (state && !submission.hopeless() && ++state->requests == 50) std::abort();
  return submission.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_EVERY_PROC(submit)
