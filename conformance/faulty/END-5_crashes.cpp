// END-5: a request to a destroyed handle uses what was freed.
#define FAULTY_BREAKS_EVERY_PROC
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;
faulty::Graves graves;

int submit(const faulty::Submission& submission) {
  if (graves.has(submission.ctx)) faulty::crash();
  return submission.forward();
}
}  // namespace

FAULTY_CREATE(contexts)
FAULTY_EVERY_PROC(submit)

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  const int result = contexts.destroy(ctx);
  if (result == RET_OK) graves.add(ctx);
  return result;
}
