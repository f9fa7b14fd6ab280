// HST-4: a completion takes effect a millisecond later; a second one that comes meanwhile overwrites it.
#include "conformance/faulty/host_functions.hpp"

namespace {
struct State : faulty::Calls {
  std::map<std::uint64_t, std::pair<int, std::string>> answers;  // that the loop has not got round to
};
faulty::Contexts<State> contexts;

void deliver(void* ctx, State& state, std::uint64_t id) {
  std::pair<int, std::string> answer;
  {
    const std::lock_guard lock(state.mutex);
    answer = std::move(state.answers[id]);
    state.answers.erase(id);
  }
  faulty::probe::host_complete(ctx, id, answer.first, answer.second.data(), answer.second.size());
}

int complete(const faulty::Completion& completion) {
  const auto state = contexts.of(completion.ctx);
  if (!state || completion.null()) return completion.forward();
  {
    const std::lock_guard lock(state->mutex);
    const auto waiting = state->answers.find(completion.id);
    if (waiting != state->answers.end()) {
      waiting->second = {completion.ret, std::string(completion.text())};
      return RET_OK;
    }
    state->answers[completion.id] = {completion.ret, std::string(completion.text())};
  }
  if (state->forget(completion.id) &&
      faulty::later(
          completion.ctx, [ctx = completion.ctx, state, id = completion.id] { deliver(ctx, *state, id); }, 1))
    return RET_OK;
  const std::lock_guard lock(state->mutex);
  state->answers.erase(completion.id);
  return completion.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REGISTER(contexts, faulty::plain_call)
FAULTY_COMPLETE(complete)
