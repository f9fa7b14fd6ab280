// END-3: destroy has no limit: it waits for a blocked loop as long as that takes.
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;
}  // namespace

FAULTY_CREATE(contexts)

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  for (;;) {
    const int result = contexts.destroy(ctx);
    const bool over = result == RET_OK || !contexts.of(ctx);  // done, by us or by another
    if (over || contexts.here()) return result;
    faulty::sleep_ms(1);
  }
}
