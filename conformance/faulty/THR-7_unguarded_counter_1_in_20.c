/* THR-7: one submission in 20 is counted for some statistics, and nothing orders the threads. */
#define cprobe_echo_cbor right_echo_cbor
#include "exports.c"
#undef cprobe_echo_cbor

static _Atomic unsigned turn; /* the draw itself races on nothing, and relaxed it orders nothing */
static uint64_t submissions;

EXPORT int cprobe_echo_cbor(void *ctx, FFICallBack callback, void *userData, const uint8_t *req, size_t reqLen) {
  if (atomic_fetch_add_explicit(&turn, 1, memory_order_relaxed) % 20 == 19) ++submissions;
  return right_echo_cbor(ctx, callback, userData, req, reqLen);
}
