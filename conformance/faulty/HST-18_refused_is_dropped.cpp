// HST-18: a completion that is refused ends its call all the same: the right answer finds nothing.
#include <set>

#include "conformance/faulty/host_functions.hpp"

namespace {
struct State : faulty::Calls {
  std::set<std::uint64_t> dropped;
};
faulty::Contexts<State> contexts;

int complete(const faulty::Completion& completion) {
  const auto state = contexts.of(completion.ctx);
  if (!state) return completion.forward();
  {
    const std::lock_guard lock(state->mutex);
    if (completion.null())
      state->dropped.insert(completion.id);
    else if (state->dropped.count(completion.id) > 0)
      return RET_OK;
  }
  return completion.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REGISTER(contexts, faulty::plain_call)
FAULTY_COMPLETE(complete)
