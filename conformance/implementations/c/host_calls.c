#define _GNU_SOURCE
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cprobe.h"

struct host_fn {
  struct host_fn *next;
  FFIHostFn fn; /* NULL: not registered any more */
  void *user_data;
  char *name;
};

/* Ids are handed out once in the life of the process, whichever context asks. [HST-20] */
static _Atomic uint64_t last_id;

int compare_ids(const void *a, const void *b) {
  const uint64_t *left = a, *right = b;
  return (*left > *right) - (*left < *right);
}

static struct host_fn *find(struct context *c, const char *name) {
  struct host_fn *entry = c->host_fns;
  while (entry && strcmp(entry->name, name) != 0) entry = entry->next;
  return entry;
}

static struct host_fn *find_or_make(struct context *c, const char *name) {
  struct host_fn *entry = find(c, name);
  if (entry || !(entry = malloc(sizeof *entry))) return entry;
  *entry = (struct host_fn){.next = c->host_fns, .name = strdup(name)};
  if (entry->name) return c->host_fns = entry;
  free(entry);
  return NULL;
}

/* Calls in flight are elsewhere, and go on. [HST-9, HST-10] */
int host_fns_register(struct context *c, const char *name, FFIHostFn fn, void *user_data) {
  pthread_mutex_lock(&c->lock);
  struct host_fn *entry = c->closing ? NULL : fn ? find_or_make(c, name) : find(c, name);
  if (entry) {
    entry->fn = fn;
    entry->user_data = user_data;
  }
  pthread_mutex_unlock(&c->lock);
  return entry && fn ? RET_OK : RET_ERR;
}

void host_fns_free(struct context *c) {
  for (struct host_fn *entry; (entry = c->host_fns);) {
    c->host_fns = entry->next;
    free(entry->name);
    free(entry);
  }
}

void host_call(struct request *request, const char *name, struct view bytes, void (*step)(struct request *)) {
  struct context *c = request->context;
  struct host_fn called = {0};
  const char *problem = "is not registered"; /* HST-8 */
  request->step = step;
  request->call_id = atomic_fetch_add(&last_id, 1) + 1;
  const uint64_t id = request->call_id;
  pthread_mutex_lock(&c->lock);
  struct host_fn *entry = find(c, name);
  if (entry && entry->fn) {
    called = *entry;
    /* Before the function is called, for it may complete the call. [HST-6] */
    problem = tsearch(request, &c->calls, compare_ids) ? NULL : "cannot be called: out of memory";
  }
  pthread_mutex_unlock(&c->lock);
  if (problem) {
    char text[128];
    snprintf(text, sizeof text, "host function '%s' %s", name, problem);
    fail_with(request, text);
    return;
  }
  call_host_fn(called.fn, id, bytes, called.user_data);
}

int host_call_complete(struct context *c, uint64_t id, int code, struct view answer) {
  uint8_t *copy = malloc(answer.len + 1); /* borrowed until the call returns [HST-13] */
  if (!copy) return RET_ERR;
  if (answer.len > 0) memcpy(copy, answer.data, answer.len);
  pthread_mutex_lock(&c->lock);
  void *found = tfind(&id, &c->calls, compare_ids);
  if (found) {
    struct request *request = *(struct request **)found;
    tdelete(request, &c->calls, compare_ids); /* the first counts; others find nothing [HST-4, HST-18] */
    request->answer_code = code;
    request->answer = copy;
    request->answer_len = answer.len;
    loop_push(c, request); /* goes on from the loop, never from here [HST-19] */
  }
  pthread_mutex_unlock(&c->lock);
  if (!found) free(copy);
  return RET_OK;
}
