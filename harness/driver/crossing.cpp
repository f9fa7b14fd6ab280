#include "harness/driver/crossing.hpp"

#if defined(__SANITIZE_THREAD__)
#define FFI_CTS_UNDER_TSAN
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define FFI_CTS_UNDER_TSAN
#endif
#endif

#ifdef FFI_CTS_UNDER_TSAN
extern "C" void __tsan_acquire(void* address);
extern "C" void __tsan_release(void* address);
#endif

namespace ffi_cts {

#ifdef FFI_CTS_UNDER_TSAN
namespace {
bool ordered = false;
char boundary;  // only its address counts
}  // namespace

void order_crossings(bool on) { ordered = on; }
void host_code_left() {
  if (ordered) __tsan_release(&boundary);
}
void host_code_entered() {
  if (ordered) __tsan_acquire(&boundary);
}
#else
void order_crossings(bool) {}
void host_code_left() {}
void host_code_entered() {}
#endif

}  // namespace ffi_cts
