#define _GNU_SOURCE
#include "bare_loop.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { MAX_HOST_CALLS = 256, MOST_RUNS = 3 /* of a callback's body, as the driver has it */, MOST_DESTROYS = 3 };

struct thing {
  const struct bare_call *maker;
  _Atomic bool settled;           /* its call is over, or was skipped */
  _Atomic unsigned made;          /* returned calls that made it: nested ones can be several */
  _Atomic unsigned heard;         /* its callbacks */
  _Atomic unsigned runs;          /* of its body */
  void *_Atomic handle;           /* of a context */
  _Atomic bool destroyed;
  _Atomic uint64_t id;            /* of a listener: the first made */
};

struct host_call {
  uint64_t id;
  int function;
  unsigned index;
  _Atomic bool ready, left, completed;
};

static const struct bare_library *lib;
static const struct bare_program *program;
static struct thing things[BARE_MAX_THINGS];
static struct host_call host_calls[MAX_HOST_CALLS];
static _Atomic unsigned host_calls_taken;
static _Atomic unsigned long calls_made, callbacks_heard;

static _Thread_local bool host_thread;
static _Thread_local unsigned callbacks_here; /* how a refusal that called back is told from one that did not */

/* ---- Waiting: each thread says which call it is held up at, and whoever changes something wakes those that may go on. */

struct waiter {
  _Alignas(64) const struct bare_call *_Atomic at;
  _Atomic uint32_t word;
};
static struct waiter waiters[BARE_MAX_THREADS];

static void futex_wait(_Atomic uint32_t *word, uint32_t value) { syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0); }
static void futex_wake(_Atomic uint32_t *word, int most) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, most, NULL, NULL, 0); }

static bool gone(int context) { return context >= 0 && things[context].destroyed; }

static bool answered(const struct thing *thing) { return thing->heard >= thing->made || gone(thing->maker->context); }

/* Of one context, or of all (-1). */
static bool all_answered(int only) {
  for (int i = 0; i < program->things; ++i) {
    const struct thing *thing = &things[i];
    if (thing->maker->kind == BARE_CREATE) {
      if ((only < 0 || only == i) && thing->handle && !thing->heard && !thing->destroyed) return false;
    } else if (thing->maker->kind == BARE_REQUEST) {
      if ((only < 0 || only == thing->maker->context) && !answered(thing)) return false;
    }
  }
  return true;
}

static unsigned host_call_count(void) { return host_calls_taken; }

static bool is_open(const struct host_call *call) {
  return call->left && !call->completed && !gone(things[call->function].maker->context);
}

static bool open_call_exists(void) {
  for (unsigned i = 0; i < host_call_count(); ++i)
    if (is_open(&host_calls[i])) return true;
  return false;
}

static bool ready(const struct bare_call *wait) {
  if (wait->object < 0) return all_answered(-1);
  const struct thing *thing = &things[wait->object];
  switch (thing->maker->kind) {
    case BARE_CREATE: return !thing->handle || thing->heard;
    case BARE_REQUEST: return answered(thing);
    default: return thing->made == 0 || thing->heard >= wait->count || gone(thing->maker->context);
  }
}

static struct host_call *arrived(const struct bare_call *complete) {
  for (unsigned i = 0; i < host_call_count(); ++i) {
    struct host_call *call = &host_calls[i];
    if (call->ready && call->function == complete->object && call->index == complete->count) return call;
  }
  return NULL;
}

static bool may_go_on(const struct bare_call *call) {
  if (call->context >= 0 && !things[call->context].settled) return false;
  if (call->object >= 0 && !things[call->object].settled) return false;
  if (call->kind == BARE_WAIT) return ready(call) || open_call_exists();
  if (call->kind == BARE_COMPLETE) return arrived(call) || all_answered(call->context) || open_call_exists();
  return true;
}

/* Sequentially consistent throughout: either the waiter sees the change, or whoever made it sees the waiter. */
static void changed(void) {
  for (int i = 0; i < BARE_MAX_THREADS; ++i) {
    const struct bare_call *at = waiters[i].at;
    if (!at || !may_go_on(at)) continue;
    waiters[i].word++;
    futex_wake(&waiters[i].word, 1);
  }
}

static void hold_up(const struct bare_call *call) {
  if (may_go_on(call)) return;
  struct waiter *self = &waiters[call->thread];
  self->at = call;
  while (true) {
    uint32_t seen = self->word;
    if (may_go_on(call)) break;
    struct timespec patience = {10, 0};
    if (syscall(SYS_futex, &self->word, FUTEX_WAIT_PRIVATE, seen, &patience, NULL, 0) != 0 && errno == ETIMEDOUT && !may_go_on(call)) {
      fprintf(stderr, "the bare loop waits in vain: the library owes a callback\n");
      _exit(1);
    }
  }
  self->at = NULL;
}

/* ---- Calls and callbacks. */

static void make(const struct bare_call *call, struct host_call *inside);

static void behave(struct thing *self, struct host_call *inside) {
  const struct bare_call *maker = self->maker;
  if (maker->body_size == 0 || host_thread || self->runs++ >= MOST_RUNS) return;
  for (size_t i = 0; i < maker->body_size; ++i) make(&maker->body[i], inside);
}

static void on_callback(int code, const char *msg, size_t len, void *user_data) {
  (void)msg, (void)len;
  struct thing *self = user_data;
  callbacks_here++;
  atomic_fetch_add_explicit(&callbacks_heard, 1, memory_order_relaxed);
  if (code != RET_STALE_WARN) self->heard++;
  changed();
  behave(self, NULL);
}

static void on_host_call(uint64_t id, const char *req, size_t len, void *user_data) {
  (void)req, (void)len;
  struct thing *self = user_data;
  atomic_fetch_add_explicit(&callbacks_heard, 1, memory_order_relaxed);
  unsigned place = host_calls_taken++;
  if (place >= MAX_HOST_CALLS) abort();
  struct host_call *call = &host_calls[place];
  call->id = id;
  call->function = (int)(self - things);
  call->index = self->heard++;
  call->ready = true;
  changed();
  behave(self, call);
  call->left = true;
  changed();
}

/* The handle to pass, or NULL: the call is skipped. */
static void *handle_of(int context) {
  if (context < 0) return NULL;
  return things[context].destroyed ? NULL : things[context].handle;
}

static void count_call(void) { atomic_fetch_add_explicit(&calls_made, 1, memory_order_relaxed); }

static void answer(struct host_call *call, const struct bare_call *with, int code) {
  void *handle = handle_of(things[call->function].maker->context);
  if (handle) {
    count_call();
    lib->host_complete(handle, call->id, code, (const char *)with->bytes, with->size);
  }
  call->completed = true;
  changed();
}

static void destroy(int context) {
  void *handle = handle_of(context);
  if (!handle) return;
  count_call();
  if (lib->destroy(handle) == RET_OK) things[context].destroyed = true;
  changed();
}

static void request(const struct bare_call *call) {
  void *handle = handle_of(call->context);
  if (!handle) return;
  struct thing *self = &things[call->makes];
  unsigned before = callbacks_here;
  count_call();
  if (call->proc(handle, on_callback, self, call->bytes, call->size) != RET_OK && callbacks_here == before) self->heard++;
  self->made++;
}

static void listen(const struct bare_call *call) {
  void *handle = handle_of(call->context);
  if (!handle) return;
  struct thing *self = &things[call->makes];
  count_call();
  uint64_t id = lib->add_event_listener(handle, call->name, on_callback, self), none = 0;
  if (id == 0) return;
  atomic_compare_exchange_strong(&self->id, &none, id);
  self->made++;
}

static void register_host_fn(const struct bare_call *call) {
  void *handle = handle_of(call->context);
  if (!handle) return;
  count_call();
  lib->register_host_fn(handle, call->name, on_host_call, &things[call->makes]);
  things[call->makes].made++;
}

/* Host calls that are open by then are answered on the way, or the requests that await them would never be. */
static void wait_for(const struct bare_call *call) {
  while (!ready(call)) {
    for (unsigned i = 0; i < host_call_count(); ++i)
      if (is_open(&host_calls[i])) answer(&host_calls[i], call, RET_OK);
    hold_up(call);
  }
}

static void make(const struct bare_call *call, struct host_call *inside) {
  switch (call->kind) {
    case BARE_CREATE:
      count_call();
      things[call->makes].handle = lib->create(call->bytes, call->size, on_callback, &things[call->makes]);
      break;
    case BARE_REQUEST: request(call); break;
    case BARE_LISTEN: listen(call); break;
    case BARE_REMOVE: {
      void *handle = handle_of(call->context);
      if (!handle || things[call->object].made == 0) return;
      count_call();
      lib->remove_event_listener(handle, things[call->object].id);
      break;
    }
    case BARE_REGISTER: register_host_fn(call); break;
    case BARE_COMPLETE: {
      struct host_call *to = inside ? inside : arrived(call);
      if (to && !gone(things[to->function].maker->context)) answer(to, call, call->code);
      break;
    }
    case BARE_DESTROY: destroy(call->context); break;
    case BARE_WAIT: wait_for(call); break;
  }
}

/* ---- Running: thread 0 is the caller's. */

static void run_thread(int thread) {
  for (size_t i = 0; i < program->size; ++i) {
    const struct bare_call *call = &program->calls[i];
    if (call->thread != thread) continue;
    hold_up(call);
    make(call, NULL);
    if (call->makes >= 0) things[call->makes].settled = true;
    changed();
  }
}

static pthread_t threads[BARE_MAX_THREADS];
static _Atomic uint32_t turns[BARE_MAX_THREADS];
static _Atomic uint32_t busy;
static _Atomic bool over;

static void *serve(void *number) {
  int thread = (int)(intptr_t)number;
  host_thread = true;
  for (uint32_t seen = 0;; ++seen) {
    while (turns[thread] == seen) futex_wait(&turns[thread], seen);
    if (over) return NULL;
    run_thread(thread);
    if (--busy == 0) futex_wake(&busy, 1);
  }
}

void bare_begin(const struct bare_library *library) {
  lib = library;
  host_thread = true;
  over = false;
  calls_made = callbacks_heard = 0;
  for (int i = 1; i < BARE_MAX_THREADS; ++i) {
    turns[i] = 0;
    if (pthread_create(&threads[i], NULL, serve, (void *)(intptr_t)i) != 0) abort();
  }
}

static void start(int thread) {
  turns[thread]++;
  futex_wake(&turns[thread], 1);
}

void bare_end(void) {
  over = true;
  for (int i = 1; i < BARE_MAX_THREADS; ++i) start(i);
  for (int i = 1; i < BARE_MAX_THREADS; ++i) pthread_join(threads[i], NULL);
}

static void mark_nested(const struct bare_call *calls, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    if (calls[i].makes >= 0) things[calls[i].makes].settled = true; /* nobody waits for what a callback may make */
    mark_nested(calls[i].body, calls[i].body_size);
  }
}

int bare_run(const struct bare_program *next) {
  program = next;
  memset(things, 0, sizeof things[0] * (size_t)next->things);
  memset(host_calls, 0, sizeof host_calls[0] * host_calls_taken);
  host_calls_taken = 0;
  for (int i = 0; i < next->things; ++i) things[i].maker = next->makers[i];
  for (size_t i = 0; i < next->size; ++i) mark_nested(next->calls[i].body, next->calls[i].body_size);

  unsigned others = next->threads & ~1u;
  busy = (uint32_t)__builtin_popcount(others);
  for (int i = 1; i < BARE_MAX_THREADS; ++i)
    if (others & 1u << i) start(i);
  if (next->threads & 1u) run_thread(0);
  for (uint32_t left; (left = busy) != 0;) futex_wait(&busy, left);

  int result = 0;
  for (int i = 0; i < next->things; ++i) {
    if (things[i].maker->kind != BARE_CREATE) continue;
    for (int tries = 0; tries < MOST_DESTROYS && handle_of(i); ++tries) destroy(i);
    if (handle_of(i)) result = -1;
  }
  return result;
}

struct bare_counts bare_counted(void) { return (struct bare_counts){calls_made, callbacks_heard}; }
