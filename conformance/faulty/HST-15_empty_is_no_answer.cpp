// HST-15: a completion without bytes is accepted, and its call goes on waiting.
#include "conformance/faulty/host_functions.hpp"

namespace {
faulty::Contexts<faulty::Calls> contexts;

int complete(const faulty::Completion& completion) {
  const auto state = contexts.of(completion.ctx);
  if (!state || completion.null() || !state->forget(completion.id)) return completion.forward();
  return completion.len == 0 ? RET_OK : completion.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REGISTER(contexts, faulty::plain_call)
FAULTY_COMPLETE(complete)
