// END-4: destroy looks at what it was given without asking whether that is NULL.
#define PROBE_NO_DESTROY
#include "conformance/faulty/wrap.hpp"

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  if (!ctx) faulty::crash();
  return faulty::probe::destroy(ctx);
}
