// END-6: a destroyed handle leads to the context that was created next, as if a handle were a place without a
// generation.
#define FAULTY_BREAKS_EVERY_PROC
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;

struct Place {
  void* destroyed = nullptr;
  void* heir = nullptr;
};
std::mutex mutex;
std::array<Place, 64> places;  // the last ones
std::size_t next = 0;

void take_over(void* heir) {
  const std::lock_guard lock(mutex);
  Place& latest = places[(next + places.size() - 1) % places.size()];
  if (latest.destroyed && !latest.heir) latest.heir = heir;
}

void* who_lives_there(void* ctx) {
  const std::lock_guard lock(mutex);
  for (const Place& place : places) {
    if (place.heir && place.destroyed == ctx) return place.heir;
  }
  return ctx;
}

int submit(faulty::Submission submission) {
  submission.ctx = who_lives_there(submission.ctx);
  return submission.forward();
}
}  // namespace

FAULTY_EVERY_PROC(submit)

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  void* ctx = contexts.create(req, len, callback, userData);
  if (ctx) take_over(ctx);
  return ctx;
}

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  const int result = contexts.destroy(ctx);
  if (result != RET_OK) return result;
  const std::lock_guard lock(mutex);
  places[next++ % places.size()] = {ctx, nullptr};
  return result;
}
