// HST-7: a completion resumes the handler that has waited longest.
#include <algorithm>

#include "conformance/faulty/host_functions.hpp"

namespace {
faulty::Contexts<faulty::Calls> contexts;

int complete(faulty::Completion completion) {
  const auto state = contexts.of(completion.ctx);
  if (!state || completion.null()) return completion.forward();
  const std::lock_guard lock(state->mutex);
  auto& pending = state->pending;
  if (std::find(pending.begin(), pending.end(), completion.id) != pending.end()) {
    completion.id = pending.front();
    pending.erase(pending.begin());
  }
  return completion.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REGISTER(contexts, faulty::plain_call)
FAULTY_COMPLETE(complete)
