// REQ-10: requests wait a millisecond for company; of two that wait together the later one starts first.
#define FAULTY_BREAKS_EVERY_PROC
#include <deque>

#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  std::mutex mutex;
  std::deque<std::shared_ptr<faulty::Kept>> waiting;
};
faulty::Contexts<State> contexts;

// On the loop.
void start_pair(State& state) {
  std::shared_ptr<faulty::Kept> first, second;
  {
    const std::lock_guard lock(state.mutex);
    if (state.waiting.empty()) return;
    first = std::move(state.waiting.front());
    state.waiting.pop_front();
    if (!state.waiting.empty()) {
      second = std::move(state.waiting.front());
      state.waiting.pop_front();
    }
  }
  if (second) second->submission().forward();
  first->submission().forward();
}

int submit(const faulty::Submission& submission) {
  const auto state = contexts.of(submission.ctx);
  if (!state || submission.hopeless()) return submission.forward();
  auto kept = std::make_shared<faulty::Kept>(submission);
  {
    const std::lock_guard lock(state->mutex);
    state->waiting.push_back(kept);
  }
  if (faulty::later(
          submission.ctx, [state] { start_pair(*state); }, 1))
    return RET_OK;
  {
    const std::lock_guard lock(state->mutex);
    if (std::erase(state->waiting, kept) == 0) return RET_OK;  // an earlier one took it along
  }
  return submission.forward();  // to be refused
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_EVERY_PROC(submit)
