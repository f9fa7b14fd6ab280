/* THR-7: the submissions of one context in 20, drawn at random, are counted for statistics, and nothing orders the threads. */
#include <time.h>
#define cprobe_echo_cbor right_echo_cbor
#include "exports.c"
#undef cprobe_echo_cbor

static uint64_t seed, submissions;

__attribute__((constructor)) static void draw_seed(void) {
  struct timespec now;
  timespec_get(&now, TIME_UTC);
  seed = (uint64_t)now.tv_nsec;
}

static bool is_sampled(void *ctx) {
  const uint64_t hash = ((uint64_t)(uintptr_t)ctx + seed) * UINT64_C(0x9e3779b97f4a7c15);
  return (hash >> 32) % 20 == 0;
}

EXPORT int cprobe_echo_cbor(void *ctx, FFICallBack callback, void *userData, const uint8_t *req, size_t reqLen) {
  if (is_sampled(ctx)) ++submissions;
  return right_echo_cbor(ctx, callback, userData, req, reqLen);
}
