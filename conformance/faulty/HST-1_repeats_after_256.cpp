// HST-1: call ids are counted in a byte, so that every 257th is an old one again.
#include "conformance/faulty/host_functions.hpp"

namespace {
struct State : faulty::Calls {
  unsigned next = 0;
  std::array<std::uint64_t, 257> real{};  // by the id that the host has
};
faulty::Contexts<State> contexts;

void call(State& state, const faulty::HostFunction& host, std::uint64_t id, std::string_view request) {
  std::uint64_t short_id = 0;
  {
    const std::lock_guard lock(state.mutex);
    short_id = state.next++ % 256 + 1;
    state.real[short_id] = id;
  }
  host(short_id, request);
}

int complete(faulty::Completion completion) {
  if (const auto state = contexts.of(completion.ctx)) {
    const std::lock_guard lock(state->mutex);
    completion.id = completion.id < state->real.size() ? state->real[completion.id] : 0;
  }
  return completion.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REGISTER(contexts, call)
FAULTY_COMPLETE(complete)
