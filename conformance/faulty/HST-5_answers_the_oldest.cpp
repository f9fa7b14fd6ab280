// HST-5: a completion of an id that was never given out answers the oldest call.
#include "conformance/faulty/host_functions.hpp"

namespace {
struct State : faulty::Calls {
  std::map<std::uint64_t, bool> made;
};
faulty::Contexts<State> contexts;

void call(State& state, const faulty::HostFunction& host, std::uint64_t id, std::string_view request) {
  state.note(id);
  {
    const std::lock_guard lock(state.mutex);
    state.made[id] = true;
  }
  host(id, request);
}

int complete(faulty::Completion completion) {
  const auto state = contexts.of(completion.ctx);
  if (!state || completion.null()) return completion.forward();
  bool known = false;
  {
    const std::lock_guard lock(state->mutex);
    known = state->made.count(completion.id) > 0;
  }
  if (!known && state->oldest() != 0) completion.id = state->oldest();
  state->forget(completion.id);
  return completion.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REGISTER(contexts, call)
FAULTY_COMPLETE(complete)
