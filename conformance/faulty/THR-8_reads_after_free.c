/* THR-8: the name that was listened for last is kept, to tell a second listener of it quickly, and freed with its listener. */
#include <stdlib.h>
#define cprobe_add_event_listener right_add_event_listener
#define cprobe_remove_event_listener right_remove_event_listener
#include "exports.c"
#undef cprobe_add_event_listener
#undef cprobe_remove_event_listener

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *last_name;
static uint64_t last_listener;
static volatile uint64_t repeated;

EXPORT uint64_t cprobe_add_event_listener(void *ctx, const char *name, FFICallBack callback, void *userData) {
  const uint64_t id = right_add_event_listener(ctx, name, callback, userData);
  if (id == 0) return id;
  pthread_mutex_lock(&lock);
  if (last_name && strcmp(last_name, name ? name : "") == 0) ++repeated;
  if (last_listener) free(last_name);
  last_name = strdup(name ? name : "");
  last_listener = id;
  pthread_mutex_unlock(&lock);
  return id;
}

EXPORT int cprobe_remove_event_listener(void *ctx, uint64_t id) {
  pthread_mutex_lock(&lock);
  if (last_listener == id) {
    free(last_name); /* and is not forgotten */
    last_listener = 0;
  }
  pthread_mutex_unlock(&lock);
  return right_remove_event_listener(ctx, id);
}
