// END-16: destroy waits 5 ms for a delayed echo, then gives up with RET_ERR; a second destroy succeeds.
#define PROBE_NO_ECHO
#include "conformance/faulty/cbor.hpp"
#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  std::atomic<int> delays{0};
  std::atomic<bool> gave_up{false};
};
faulty::Contexts<State> contexts;

int submit(const faulty::Submission& submission) {
  const auto state = contexts.of(submission.ctx);
  if (!state || faulty::number_of(submission.request(), "delayMs").value_or(0) == 0) return submission.forward();
  const auto over = [state](const faulty::Host& host, const faulty::Message& message) {
    --state->delays;
    host(message);
  };
  ++state->delays;
  return submission.callback ? submission.intercept(over, over) : (--state->delays, submission.forward());
}
}  // namespace

FAULTY_CREATE(contexts)
FAULTY_PROC(echo, submit)

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  const auto state = contexts.of(ctx);
  if (!state || contexts.here()) return contexts.destroy(ctx);
  if (state->gave_up.exchange(false)) {
    contexts.forget(ctx);
    return RET_OK;
  }
  for (int ms = 0; ms < 5 && state->delays > 0; ++ms) faulty::sleep_ms(1);
  if (state->delays == 0) return contexts.destroy(ctx);
  // It is dead in truth, so that everything refuses it as a closing one must.
  state->closing = true;
  if (faulty::probe::destroy(ctx) == RET_OK) state->gave_up = true;
  return RET_ERR;
}
