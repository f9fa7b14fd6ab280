/* THR-8: one request in 20 is kept as a C string for the log, with no room for the byte that ends it. */
#include <stdlib.h>
#define cprobe_echo_cbor right_echo_cbor
#include "exports.c"
#undef cprobe_echo_cbor

static _Atomic unsigned turn;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *last_line;

static void log_request(const uint8_t *req, size_t reqLen) {
  char *line = malloc(reqLen);
  if (!line) return;
  memcpy(line, req, reqLen);
  line[reqLen] = 0;
  pthread_mutex_lock(&lock);
  free(last_line);
  last_line = line;
  pthread_mutex_unlock(&lock);
}

EXPORT int cprobe_echo_cbor(void *ctx, FFICallBack callback, void *userData, const uint8_t *req, size_t reqLen) {
  if (req && atomic_fetch_add(&turn, 1) % 20 == 19) log_request(req, reqLen);
  return right_echo_cbor(ctx, callback, userData, req, reqLen);
}
