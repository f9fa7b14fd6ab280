// HST-17: host_complete waits until the loop has time.
#include <semaphore>

#include "conformance/faulty/host_functions.hpp"

namespace {
faulty::Contexts<faulty::Calls> contexts;

int complete(const faulty::Completion& completion) {
  const auto state = contexts.of(completion.ctx);
  const int result = completion.forward();
  if (!state || !state->constructed || state->closing || contexts.here() || !state->forget(completion.id))
    return result;
  auto reached = std::make_shared<std::binary_semaphore>(0);
  if (faulty::later(completion.ctx, [reached] { reached->release(); })) reached->acquire();
  return result;
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REGISTER(contexts, faulty::plain_call)
FAULTY_COMPLETE(complete)
