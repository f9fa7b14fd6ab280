// REQ-8: after one malformed request the context refuses all others.
#define FAULTY_BREAKS_EVERY_PROC
#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  std::atomic<bool> dead{false};
};
faulty::Contexts<State> contexts;

// These procs fail by malformed requests alone (and when the context closes, when it does not matter).
bool never_fails(faulty::Proc proc) {
  namespace probe = faulty::probe;
  return proc == probe::echo_cbor || proc == probe::blob_cbor || proc == probe::empty_cbor ||
         proc == probe::emit_cbor || proc == probe::block_cbor || proc == probe::progress_cbor;
}

int submit(const faulty::Submission& submission) {
  const auto state = contexts.of(submission.ctx);
  if (!state || submission.hopeless() || !never_fails(submission.proc)) return submission.forward();
  if (state->dead) return submission.refuse("the parser is in an error state");
  const auto watch = [state](const faulty::Host& host, const faulty::Message& message) {
    if (message.code == RET_ERR) state->dead = true;
    host(message);
  };
  return submission.intercept(watch, watch);
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_EVERY_PROC(submit)
