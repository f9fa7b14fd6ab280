// HST-19: what is submitted inside a callback is served when that one has returned, by the function that served it.
#define PROBE_NO_EMPTY
#include <vector>

#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;
thread_local std::vector<faulty::Host>* next = nullptr;  // of the callback that this thread is inside

void serve(const faulty::Host& host) {
  std::vector<faulty::Host> submitted;
  auto* outer = std::exchange(next, &submitted);
  host(RET_OK, "\xf6");
  next = outer;
  for (const faulty::Host& each : submitted) serve(each);
}

int submit(const faulty::Submission& submission) {
  const auto state = contexts.of(submission.ctx);
  const bool inside = state && contexts.here() == state.get() && !state->closing;
  if (next && inside && submission.request() == "\xa0" && submission.callback) {
    next->push_back({submission.callback, submission.userData});
    return RET_OK;
  }
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) {
    message.code == RET_OK ? serve(host) : host(message);
  });
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_PROC(empty, submit)
