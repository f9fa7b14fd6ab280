#define _GNU_SOURCE
#include <stdlib.h>
#include <time.h>

#include "cprobe.h"

/* As many as cprobe.toml says. [END-13] */
enum { MOST_CONTEXTS = 32 };

/* A handle is a token: a tag that no address of the system has, a serial number that is never used again in the life of
 * the process, and the slot in which to look. So it is compared and not dereferenced. [END-5 to END-7] */
_Static_assert(sizeof(uintptr_t) == sizeof(uint64_t), "a handle has 64 bits");
static const uint64_t TAG = UINT64_C(0x5c) << 56;

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static struct context *slots[MOST_CONTEXTS];
static uint64_t last_serial;

static size_t slot_of(const void *handle) { return (uintptr_t)handle % MOST_CONTEXTS; }

static bool take_slot(struct context *c) {
  size_t slot = 0;
  pthread_mutex_lock(&table_lock);
  while (slot < MOST_CONTEXTS && slots[slot]) ++slot;
  if (slot < MOST_CONTEXTS) {
    slots[slot] = c;
    c->handle = (void *)(uintptr_t)(TAG | (++last_serial * MOST_CONTEXTS + slot));
  }
  pthread_mutex_unlock(&table_lock);
  return slot < MOST_CONTEXTS;
}

/* The locks of the C library that these make cannot fail: they are memory that is there already. */
static void init_locks(struct context *c) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_mutex_init(&c->lock, NULL);
  pthread_cond_init(&c->work, &attributes);
  pthread_cond_init(&c->changed, &attributes);
  pthread_condattr_destroy(&attributes);
}

struct context *context_new(void) {
  struct context *c = calloc(1, sizeof *c);
  if (!c) return NULL;
  init_locks(c);
  atomic_init(&c->pins, 1);
  if (take_slot(c)) return c;
  context_unpin(c);
  return NULL;
}

struct context *context_pin(void *handle) {
  pthread_mutex_lock(&table_lock);
  struct context *found = slots[slot_of(handle)];
  if (found && found->handle != handle) found = NULL;
  if (found) atomic_fetch_add(&found->pins, 1);
  pthread_mutex_unlock(&table_lock);
  return found;
}

void context_unpin(struct context *c) {
  if (atomic_fetch_sub(&c->pins, 1) != 1) return;
  listeners_free(c);
  host_fns_free(c);
  free(c->config);
  pthread_cond_destroy(&c->changed);
  pthread_cond_destroy(&c->work);
  pthread_mutex_destroy(&c->lock);
  free(c);
}

void context_retire(struct context *c) {
  pthread_mutex_lock(&table_lock);
  slots[slot_of(c->handle)] = NULL;
  pthread_mutex_unlock(&table_lock);
  context_unpin(c);
}
