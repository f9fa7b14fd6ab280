// REQ-4: an answer carries the userData of the context's request before it.
#define FAULTY_BREAKS_EVERY_PROC
#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  std::atomic<void*> previous{nullptr};
};
faulty::Contexts<State> contexts;

int submit(const faulty::Submission& submission) {
  const auto state = contexts.of(submission.ctx);
  void* previous = state ? state->previous.exchange(submission.userData) : nullptr;
  return submission.intercept([previous](faulty::Host host, const faulty::Message& message) {
    if (previous) host.userData = previous;
    host(message);
  });
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_EVERY_PROC(submit)
