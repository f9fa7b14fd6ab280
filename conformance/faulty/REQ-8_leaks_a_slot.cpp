// REQ-8: a context has 32 request slots; a malformed request never gives its slot back.
#define FAULTY_BREAKS_EVERY_PROC
#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  std::atomic<int> leaked{0};
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
  if (!state || submission.hopeless()) return submission.forward();
  if (state->leaked >= 32) return submission.refuse("too many requests in flight");
  const bool judged = never_fails(submission.proc);
  const auto watch = [state, judged](const faulty::Host& host, const faulty::Message& message) {
    if (judged && message.code == RET_ERR) ++state->leaked;
    host(message);
  };
  return submission.intercept(watch, watch);
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_EVERY_PROC(submit)
