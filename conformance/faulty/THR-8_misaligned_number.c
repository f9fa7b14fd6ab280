/* THR-8: four bytes in the middle of a request are read as a number, wherever they lie. */
#define cprobe_echo_cbor right_echo_cbor
#include "exports.c"
#undef cprobe_echo_cbor

static _Atomic uint32_t checksum;

EXPORT int cprobe_echo_cbor(void *ctx, FFICallBack callback, void *userData, const uint8_t *req, size_t reqLen) {
  if (req)
    for (size_t at = 1; at + sizeof(uint32_t) <= reqLen; ++at) checksum ^= *(const uint32_t *)(const void *)(req + at);
  return right_echo_cbor(ctx, callback, userData, req, reqLen);
}
