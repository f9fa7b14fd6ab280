/* THR-7: every submission is counted, on whatever thread it comes, and nothing orders the threads. */
#define cprobe_echo_cbor right_echo_cbor
#include "exports.c"
#undef cprobe_echo_cbor

static uint64_t submissions;

EXPORT int cprobe_echo_cbor(void *ctx, FFICallBack callback, void *userData, const uint8_t *req, size_t reqLen) {
  ++submissions;
  return right_echo_cbor(ctx, callback, userData, req, reqLen);
}
