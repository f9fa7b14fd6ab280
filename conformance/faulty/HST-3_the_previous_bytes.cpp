// HST-3: a completion brings the bytes of the one before it.
#include <optional>

#include "conformance/faulty/host_functions.hpp"

namespace {
struct State : faulty::Calls {
  std::optional<std::string> previous;
};
faulty::Contexts<State> contexts;

int complete(const faulty::Completion& completion) {
  const auto state = contexts.of(completion.ctx);
  if (!state || completion.ret != RET_OK || completion.text().empty() || !state->forget(completion.id))
    return completion.forward();
  std::string bytes(completion.text());
  {
    const std::lock_guard lock(state->mutex);
    if (state->previous)
      bytes.swap(*state->previous);
    else
      state->previous = bytes;
  }
  return completion.forward(RET_OK, bytes);
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REGISTER(contexts, faulty::plain_call)
FAULTY_COMPLETE(complete)
