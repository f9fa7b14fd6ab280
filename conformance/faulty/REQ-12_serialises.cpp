// REQ-12: while a delayed echo is in flight, the requests after it wait for its answer.
#define FAULTY_BREAKS_EVERY_PROC
#include <deque>

#include "conformance/faulty/cbor.hpp"
#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  std::mutex mutex;
  bool busy = false;
  std::deque<faulty::Kept> waiting;
};
faulty::Contexts<State> contexts;

bool is_slow(const faulty::Submission& submission) {
  return submission.proc == faulty::probe::echo_cbor &&
         faulty::number_of(submission.request(), "delayMs").value_or(0) > 0;
}

void start_waiting(const std::shared_ptr<State>& state);

int start_slow(const std::shared_ptr<State>& state, const faulty::Submission& submission) {
  const auto done = [state] {
    const std::lock_guard lock(state->mutex);
    state->busy = false;
  };
  return submission.intercept(
      [state, done](const faulty::Host& host, const faulty::Message& message) {
        host(message);
        done();
        start_waiting(state);
      },
      [done](const faulty::Host& host, const faulty::Message& message) {
        done();
        host(message);
      });
}

// On the loop.
void start_waiting(const std::shared_ptr<State>& state) {
  for (;;) {
    std::unique_lock lock(state->mutex);
    if (state->busy || state->waiting.empty()) return;
    const faulty::Kept next = std::move(state->waiting.front());
    state->waiting.pop_front();
    state->busy = is_slow(next.submission());
    lock.unlock();
    if (is_slow(next.submission())) {
      start_slow(state, next.submission());
    } else {
      next.submission().forward();
    }
  }
}

int submit(const faulty::Submission& submission) {
  const auto state = contexts.of(submission.ctx);
  if (!state || submission.hopeless()) return submission.forward();
  std::unique_lock lock(state->mutex);
  if (state->busy && !state->closing) {
    state->waiting.emplace_back(submission);
    return RET_OK;
  }
  const bool starts = is_slow(submission) && !state->busy;
  state->busy |= starts;
  lock.unlock();
  if (!starts) return submission.forward();
  return start_slow(state, submission);
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_EVERY_PROC(submit)
