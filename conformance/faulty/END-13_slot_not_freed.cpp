// END-13: of 32 contexts the last one's place is free only after one more create has failed. (max_contexts = 32 stands
// in its interface file.)
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;
constexpr int limit = 32;
std::mutex mutex;
int alive = 0;
bool not_freed_yet = false;

bool take_slot() {
  const std::lock_guard lock(mutex);
  if (std::exchange(not_freed_yet, false) || alive == limit) return false;
  ++alive;
  return true;
}

void free_slot(bool used) {
  const std::lock_guard lock(mutex);
  if (used && alive == limit) not_freed_yet = true;
  --alive;
}
}  // namespace

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  if (!callback) return contexts.create(req, len, callback, userData);
  if (!take_slot()) {
    faulty::Host{callback, userData}(RET_ERR, "too many contexts");
    return nullptr;
  }
  void* ctx = contexts.create(req, len, callback, userData);
  if (!ctx) free_slot(false);
  return ctx;
}

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  const int result = contexts.destroy(ctx);
  if (result == RET_OK) free_slot(true);
  return result;
}
