/* A host of libmy_timer in C: one request through both variants, and the event that comes with it. */
#include <semaphore.h>
#include <stdio.h>

#include "my_timer_cbor.h" /* from: ffi-cts bindgen --interface my_timer.toml --lang c --out . */

static sem_t answered;

/* What every terminal callback ends with; whatever is to be kept of the message was copied or printed until then. */
static void finish(const char *who, int ret, const char *msg, size_t len) {
  if (ret == RET_STALE_WARN) return;
  if (ret != RET_OK) printf("%s: failed: %.*s\n", who, (int)len, msg);
  sem_post(&answered);
}

static void on_created(int ret, const char *msg, size_t len, void *who) { finish((const char *)who, ret, msg, len); }

static void on_native(int ret, const char *msg, size_t len, void *who) {
  const EchoResponse *reply = (const EchoResponse *)(const void *)msg;
  if (ret == RET_OK) printf("%s: %s, from %s\n", (const char *)who, reply->echoed, reply->timerName);
  finish((const char *)who, ret, msg, len);
}

static void print_item(const char *who, int ret, const char *msg, size_t len) {
  ffi_cbor_item item;
  char text[200];
  if (ret != RET_OK || !ffi_cbor_read(msg, len, &item)) return;
  ffi_cbor_print(item, text, sizeof text);
  printf("%s: %s\n", who, text);
}

static void on_event(int ret, const char *msg, size_t len, void *who) { print_item((const char *)who, ret, msg, len); }

static void on_cbor(int ret, const char *msg, size_t len, void *who) {
  print_item((const char *)who, ret, msg, len);
  finish((const char *)who, ret, msg, len);
}

int main(void) {
  char who[][8] = {"create", "native", "cbor", "event"}; /* userData: not const, and untouched by the library */
  const TimerConfig config = {"the timer"};
  const EchoRequest hello = {"hello", 5};
  uint8_t request[100];
  size_t len;
  void *ctx;
  sem_init(&answered, 0, 0);
  ctx = my_timer_create(config, on_created, who[0]);
  if (!ctx) return 1; /* refused: on_created has said why */
  sem_wait(&answered);
  my_timer_add_event_listener(ctx, "on_echo_fired", on_event, who[3]);

  if (my_timer_echo(ctx, on_native, who[1], hello) != RET_OK) return 1;
  sem_wait(&answered);

  len = my_timer_echo_encode(request, sizeof request, hello);
  if (len == 0 || len > sizeof request) return 1;
  if (my_timer_echo_cbor(ctx, on_cbor, who[2], request, len) != RET_OK) return 1;
  sem_wait(&answered);
  return my_timer_destroy(ctx) == RET_OK ? 0 : 1;
}
