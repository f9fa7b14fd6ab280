// HST-3: one plain completion in 20 from outside callbacks is accepted and lost.
#include "conformance/faulty/host_functions.hpp"

namespace {
faulty::Contexts<faulty::Calls> contexts;

int complete(const faulty::Completion& completion) {
  const auto state = contexts.of(completion.ctx);
  const bool plain = completion.ret == RET_OK && !completion.text().empty() && !contexts.here();
  if (state && plain && state->forget(completion.id) && faulty::chance(20)) return RET_OK;
  return completion.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REGISTER(contexts, faulty::plain_call)
FAULTY_COMPLETE(complete)
