// HST-5: a completion of an unknown call follows what it found in the table.
#include <algorithm>

#include "conformance/faulty/host_functions.hpp"

namespace {
struct State : faulty::Calls {
  std::vector<std::uint64_t> made;  // in the order of their ids
};
faulty::Contexts<State> contexts;

void call(State& state, const faulty::HostFunction& host, std::uint64_t id, std::string_view request) {
  {
    const std::lock_guard lock(state.mutex);
    state.made.push_back(id);
  }
  host(id, request);
}

int complete(const faulty::Completion& completion) {
  if (const auto state = contexts.of(completion.ctx)) {
    const std::lock_guard lock(state->mutex);
    if (std::find(state->made.begin(), state->made.end(), completion.id) == state->made.end()) faulty::crash();
  }
  return completion.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REGISTER(contexts, call)
FAULTY_COMPLETE(complete)
