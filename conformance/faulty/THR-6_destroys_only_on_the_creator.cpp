// THR-6: destroy is refused on any thread but the one that created the context.
#include <pthread.h>

#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  pthread_t creator = pthread_self();
};
faulty::Contexts<State> contexts;
}  // namespace

FAULTY_CREATE(contexts)

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  const auto state = contexts.of(ctx);
  if (state && !pthread_equal(state->creator, pthread_self())) return RET_ERR;
  return contexts.destroy(ctx);
}
