// HST-13: the bytes of a completion are looked at once more on the loop, where the host had them.
#include "conformance/faulty/host_functions.hpp"

namespace {
faulty::Contexts<faulty::Calls> contexts;

int complete(const faulty::Completion& completion) {
  const auto state = contexts.of(completion.ctx);
  if (state && !completion.null() && !contexts.here())
    faulty::later(completion.ctx, [text = completion.text()] { faulty::look_at(text); });
  return completion.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REGISTER(contexts, faulty::plain_call)
FAULTY_COMPLETE(complete)
