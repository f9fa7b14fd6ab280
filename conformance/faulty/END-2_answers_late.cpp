// END-2: what was in flight when the context was destroyed is answered 2 ms after destroy returned RET_OK.
#define FAULTY_BREAKS_EVERY_PROC
#include <thread>
#include <vector>

#include "conformance/faulty/contexts.hpp"

namespace {
struct Answer {
  faulty::Host host;
  std::string text;
};
struct State : faulty::Life {
  std::vector<Answer> late;  // of the loop; after destroy, of the thread that destroyed
};
faulty::Contexts<State> contexts;

int submit(const faulty::Submission& submission) {
  const auto state = contexts.of(submission.ctx);
  if (!state) return submission.forward();
  return submission.intercept([state](const faulty::Host& host, const faulty::Message& message) {
    if (!state->closing || message.code != RET_ERR) return host(message);
    state->late.push_back({host, std::string(message.text())});
  });
}
}  // namespace

FAULTY_CREATE(contexts)
FAULTY_EVERY_PROC(submit)

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  const auto state = contexts.of(ctx);
  const int result = contexts.destroy(ctx);
  if (result != RET_OK || !state || state->late.empty()) return result;
  std::thread([late = std::move(state->late)] {
    faulty::sleep_ms(2);
    for (const auto& answer : late) answer.host(RET_ERR, answer.text);
  }).detach();
  return result;
}
