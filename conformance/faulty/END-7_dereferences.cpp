// END-7: a request reads what a garbage handle points at. (The probe refuses it; then it is read all the same.)
#define FAULTY_BREAKS_EVERY_PROC
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;
faulty::Graves graves;

int submit(const faulty::Submission& submission) {
  const bool known = !submission.ctx || contexts.of(submission.ctx) || graves.has(submission.ctx);
  const int result = submission.forward();
  if (result == RET_OK || submission.hopeless() || known || graves.has(submission.ctx)) return result;
  const auto address = reinterpret_cast<std::uintptr_t>(submission.ctx);
  (void)*reinterpret_cast<const volatile char*>(address);
  return result;
}
}  // namespace

FAULTY_CREATE(contexts)
FAULTY_EVERY_PROC(submit)

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  const auto state = contexts.of(ctx);
  if (state) graves.add(ctx);  // before it is dead, so that no one takes it for garbage
  return contexts.destroy(ctx);
}
