// END-15: the wake-up of the first request on a place that was used before got lost: it is answered one poll interval late.
#define PROBE_NO_ECHO
#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  std::atomic<bool> wake_lost{false};
};
faulty::Contexts<State> contexts;
std::atomic<int> living{0}, places{0};

int submit(const faulty::Submission& submission) {
  const auto state = contexts.of(submission.ctx);
  const bool late = state && state->wake_lost.exchange(false);
  return submission.intercept([late](const faulty::Host& host, const faulty::Message& message) {
    if (late && message.code == RET_OK) faulty::sleep_ms(40);
    host(message);
  });
}
}  // namespace

FAULTY_PROC(echo, submit)

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  void* ctx = contexts.create(req, len, callback, userData);
  if (!ctx) return ctx;
  const int place = ++living;
  if (place > places) places = place;
  else if (const auto state = contexts.of(ctx)) state->wake_lost = true;
  return ctx;
}

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  const int result = contexts.destroy(ctx);
  if (result == RET_OK) --living;
  return result;
}
