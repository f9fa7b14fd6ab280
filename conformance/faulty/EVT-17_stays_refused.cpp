// EVT-17: after a burst of more than 1,024 events the context's queue is taken for full: it refuses every request.
#define FAULTY_BREAKS_EVERY_PROC
#include "conformance/faulty/cbor.hpp"
#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  std::atomic<bool> full{false};
};
faulty::Contexts<State> contexts;

int submit(const faulty::Submission& submission) {
  const auto state = contexts.of(submission.ctx);
  if (!state || submission.hopeless()) return submission.forward();
  if (state->full) return submission.refuse("the event queue is full");
  const bool emits = submission.proc == faulty::probe::emit_cbor;
  if (!emits || faulty::number_of(submission.request(), "count").value_or(0) <= 1024) return submission.forward();
  return submission.intercept([state](const faulty::Host& host, const faulty::Message& message) {
    state->full = true;
    host(message);
  });
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_EVERY_PROC(submit)
