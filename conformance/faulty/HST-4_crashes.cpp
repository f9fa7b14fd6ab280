// HST-4: a second completion of a call crashes.
#include "conformance/faulty/host_functions.hpp"

namespace {
struct State : faulty::Calls {
  std::map<std::uint64_t, bool> completed;  // by id, of all calls made
};
faulty::Contexts<State> contexts;

void call(State& state, const faulty::HostFunction& host, std::uint64_t id, std::string_view request) {
  {
    const std::lock_guard lock(state.mutex);
    state.completed[id] = false;
  }
  host(id, request);
}

int complete(const faulty::Completion& completion) {
  const auto state = contexts.of(completion.ctx);
  if (state && !completion.null()) {
    const std::lock_guard lock(state->mutex);
    const auto found = state->completed.find(completion.id);
    if (found != state->completed.end() && std::exchange(found->second, true)) faulty::crash();
  }
  return completion.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REGISTER(contexts, call)
FAULTY_COMPLETE(complete)
