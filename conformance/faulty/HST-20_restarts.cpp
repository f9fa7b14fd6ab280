// HST-20: every context counts its calls from 1.
#include "conformance/faulty/host_functions.hpp"

namespace {
struct State : faulty::Calls {
  std::map<std::uint64_t, std::uint64_t> real;  // by the id that the host has
};
faulty::Contexts<State> contexts;

void call(State& state, const faulty::HostFunction& host, std::uint64_t id, std::string_view request) {
  std::uint64_t own = 0;
  {
    const std::lock_guard lock(state.mutex);
    own = state.real.size() + 1;
    state.real[own] = id;
  }
  host(own, request);
}

int complete(faulty::Completion completion) {
  if (const auto state = contexts.of(completion.ctx)) {
    const std::lock_guard lock(state->mutex);
    const auto found = state->real.find(completion.id);
    completion.id = found == state->real.end() ? 0 : found->second;
  }
  return completion.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REGISTER(contexts, call)
FAULTY_COMPLETE(complete)
