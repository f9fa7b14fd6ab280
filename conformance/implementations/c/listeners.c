#define _GNU_SOURCE
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "cprobe.h"

struct listener {
  uint64_t id; /* first, as compare_ids wants it */
  char *name;  /* "" is the wildcard */
  FFICallBack callback;
  void *user_data;
  unsigned owners; /* the registry, while it is in there, and the dispatches that are to call it */
  bool silenced;   /* removed by somebody who relies on never hearing it again [EVT-8] */
};

/* Ids are handed out once in the life of the process, whichever context asks. [EVT-2] */
static _Atomic uint64_t last_id;

/* Under the lock. */
static void disown(void *listener) {
  struct listener *l = listener;
  if (--l->owners > 0) return;
  free(l->name);
  free(l);
}

uint64_t listeners_add(struct context *c, const char *name, FFICallBack callback, void *user_data) {
  struct listener *l = malloc(sizeof *l);
  if (!l) return 0;
  *l = (struct listener){.name = strdup(name ? name : ""), .callback = callback, .user_data = user_data, .owners = 1};
  pthread_mutex_lock(&c->lock);
  uint64_t id = l->id = atomic_fetch_add(&last_id, 1) + 1;
  if (l->name && !c->closing && tsearch(l, &c->listeners, compare_ids)) {
    ++c->listener_count;
  } else {
    id = 0;
    disown(l);
  }
  pthread_mutex_unlock(&c->lock);
  return id;
}

int listeners_remove(struct context *c, uint64_t id) {
  pthread_mutex_lock(&c->lock);
  void *found = tfind(&id, &c->listeners, compare_ids);
  if (found) {
    struct listener *l = *(struct listener **)found;
    tdelete(l, &c->listeners, compare_ids);
    --c->listener_count;
    if (!inside_host_code()) {
      /* EVT-8. Inside a callback neither is done: a dispatch under way keeps the listener and calls it. [EVT-9] */
      l->silenced = true;
      while (c->running == l) pthread_cond_wait(&c->changed, &c->lock);
    }
    disown(l);
  }
  pthread_mutex_unlock(&c->lock);
  return found ? RET_OK : RET_ERR;
}

/* Who is to hear an event. */
struct snapshot {
  const char *name; /* of those that are being collected */
  struct listener **listeners;
  size_t count;
};

static void collect(const void *node, VISIT visit, void *into) {
  struct snapshot *snapshot = into;
  struct listener *l = *(struct listener *const *)node;
  if ((visit != postorder && visit != leaf) || strcmp(l->name, snapshot->name) != 0) return;
  snapshot->listeners[snapshot->count++] = l;
  ++l->owners;
}

/* The event's own listeners first, then the wildcards, in the order added. [EVT-10, EVT-16, EVT-20] */
static struct snapshot take_snapshot(struct context *c, const char *event) {
  pthread_mutex_lock(&c->lock);
  struct snapshot snapshot = {event, malloc((c->listener_count + 1) * sizeof(struct listener *)), 0};
  if (snapshot.listeners) {
    twalk_r(c->listeners, collect, &snapshot);
    snapshot.name = "";
    twalk_r(c->listeners, collect, &snapshot);
  }
  pthread_mutex_unlock(&c->lock);
  return snapshot;
}

bool listeners_call(struct context *c, const char *event, int code, struct view message) {
  struct snapshot snapshot = take_snapshot(c, event);
  if (!snapshot.listeners) return false;
  for (size_t i = 0; i < snapshot.count; ++i) {
    struct listener *l = snapshot.listeners[i];
    pthread_mutex_lock(&c->lock);
    if (!l->silenced) {
      c->running = l;
      pthread_mutex_unlock(&c->lock);
      call_back(l->callback, code, message, l->user_data);
      pthread_mutex_lock(&c->lock);
      c->running = NULL;
      if (l->silenced) pthread_cond_broadcast(&c->changed); /* its remove waits */
    }
    disown(l);
    pthread_mutex_unlock(&c->lock);
  }
  free(snapshot.listeners);
  return true;
}

void listeners_free(struct context *c) { tdestroy(c->listeners, disown); }
