// HST-1: the id of a call that was completed is given to the next one.
#include "conformance/faulty/host_functions.hpp"

namespace {
struct State : faulty::Calls {
  std::map<std::uint64_t, std::uint64_t> real;  // by the id that the host has
  std::vector<std::uint64_t> free;
};
faulty::Contexts<State> contexts;

void call(State& state, const faulty::HostFunction& host, std::uint64_t id, std::string_view request) {
  std::uint64_t given = id;
  {
    const std::lock_guard lock(state.mutex);
    if (!state.free.empty()) {
      given = state.free.back();
      state.free.pop_back();
    }
    state.real[given] = id;
  }
  host(given, request);
}

int complete(faulty::Completion completion) {
  if (completion.null()) return completion.forward();
  if (const auto state = contexts.of(completion.ctx)) {
    const std::lock_guard lock(state->mutex);
    if (const auto found = state->real.find(completion.id); found != state->real.end()) {
      state->free.push_back(found->first);
      completion.id = found->second;
      state->real.erase(found);
    }
  }
  return completion.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REGISTER(contexts, call)
FAULTY_COMPLETE(complete)
