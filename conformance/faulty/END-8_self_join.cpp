// END-8: destroy inside a callback of its own context joins the thread that it runs on.
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;
}  // namespace

FAULTY_CREATE(contexts)

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  if (contexts.here() && contexts.here() == contexts.of(ctx).get()) faulty::sleep_forever();
  return contexts.destroy(ctx);
}
