#define _GNU_SOURCE
#include <errno.h>
#include <search.h>
#include <signal.h>
#include <time.h>

#include "cprobe.h"

/* How long destroy waits for a loop that does not come back. [END-3] */
static const int64_t STOP_LIMIT_NS = 1500 * INT64_C(1000000);

static _Thread_local const struct context *this_loop; /* whose loop this thread is */
static _Thread_local unsigned host_code_depth;

bool inside_host_code(void) { return host_code_depth > 0; }
bool on_loop_of(const struct context *c) { return this_loop == c; }

void call_back(FFICallBack callback, int code, struct view message, void *user_data) {
  ++host_code_depth;
  callback(code, (const char *)message.data, message.len, user_data);
  --host_code_depth;
}

void call_host_fn(FFIHostFn fn, uint64_t id, struct view bytes, void *user_data) {
  ++host_code_depth;
  fn(id, (const char *)bytes.data, bytes.len, user_data);
  --host_code_depth;
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static int wait_until(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t when) {
  struct timespec time = {.tv_sec = when / 1000000000, .tv_nsec = when % 1000000000};
  return pthread_cond_timedwait(condition, lock, &time);
}

/* ---- Requests that are to be run: first come, first served. [REQ-10] */

void loop_push(struct context *c, struct request *request) {
  request->next = NULL;
  if (c->first)
    c->last->next = request;
  else
    c->first = request;
  c->last = request;
  pthread_cond_signal(&c->work);
}

static struct request *take_first(struct context *c) {
  struct request *request = c->first;
  if (request) c->first = request->next;
  return request;
}

/* ---- Requests that wait for a time: a leftist heap. Of two that are due together the first put in comes first. */

static unsigned rank(const struct request *heap) { return heap ? heap->rank : 0; }

static struct request *meld(struct request *a, struct request *b) {
  if (!a || !b) return a ? a : b;
  if (b->due < a->due || (b->due == a->due && b->turn < a->turn)) return meld(b, a);
  struct request *right = meld(a->right, b); /* the right side is never longer than the logarithm of all */
  bool shorter = rank(right) <= rank(a->left);
  a->right = shorter ? right : a->left;
  a->left = shorter ? a->left : right;
  a->rank = rank(a->right) + 1;
  return a;
}

static void put_timer(struct context *c, struct request *request, int64_t due) {
  request->due = due;
  request->turn = c->turns++;
  request->left = request->right = NULL;
  request->rank = 1;
  c->timers = meld(c->timers, request);
}

static struct request *take_timer(struct context *c) {
  struct request *request = c->timers;
  if (request) c->timers = meld(request->left, request->right);
  return request;
}

void loop_delay(struct request *request, void (*step)(struct request *)) {
  const uint64_t for_ever = UINT64_C(1000) * 60 * 60 * 24 * 365 * 100, ms = request->number;
  struct context *c = request->context;
  request->step = step;
  if (ms == 0) {
    step(request);
    return;
  }
  pthread_mutex_lock(&c->lock);
  put_timer(c, request, now() + (int64_t)(ms < for_ever ? ms : for_ever) * 1000000);
  pthread_mutex_unlock(&c->lock);
}

/* ---- The loop */

/* What is to be run now. NULL: there was nothing, and the loop has slept. */
static struct request *next(struct context *c) {
  if (c->timers && c->timers->due <= now()) return take_timer(c);
  if (c->constructed && c->first) return take_first(c);
  if (c->timers)
    wait_until(&c->work, &c->lock, c->timers->due);
  else
    pthread_cond_wait(&c->work, &c->lock);
  return NULL;
}

/* The constructor comes before those that wait for it: until it is done nothing else can have a time. */
static struct request *take_any(struct context *c) {
  pthread_mutex_lock(&c->lock);
  struct request *request = take_timer(c);
  if (!request) request = take_first(c);
  if (!request && c->calls) {
    request = *(struct request **)c->calls;
    tdelete(request, &c->calls, compare_ids);
  }
  pthread_mutex_unlock(&c->lock);
  return request;
}

void loop_cancel_all(struct context *c, const char *why) {
  for (struct request *request; (request = take_any(c));) fail_with(request, why);
}

static void *run(void *argument) {
  struct context *c = argument;
  this_loop = c;
  pthread_mutex_lock(&c->lock);
  while (!c->stop) {
    struct request *request = next(c);
    if (!request) continue;
    pthread_mutex_unlock(&c->lock);
    request->step(request);
    pthread_mutex_lock(&c->lock);
  }
  pthread_mutex_unlock(&c->lock);
  loop_cancel_all(c, "the context was destroyed"); /* here, where all callbacks run [END-2, HST-11] */
  pthread_mutex_lock(&c->lock);
  c->stopped = true;
  pthread_cond_broadcast(&c->changed);
  pthread_mutex_unlock(&c->lock);
  return NULL;
}

/* The thread blocks what is sent to the process: the host's handlers run on the host's threads. [LOAD-6] */
bool loop_start(struct context *c, struct request *constructor) {
  static const int own_faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
  sigset_t blocked, before;
  sigfillset(&blocked);
  for (size_t i = 0; i < sizeof own_faults / sizeof own_faults[0]; ++i) sigdelset(&blocked, own_faults[i]);
  put_timer(c, constructor, 0); /* due at once */
  pthread_mutex_lock(&c->lock); /* held while c->thread is written: the loop tells the handle to others */
  pthread_sigmask(SIG_SETMASK, &blocked, &before);
  int error = pthread_create(&c->thread, NULL, run, c);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_mutex_unlock(&c->lock);
  return error == 0;
}

bool loop_stop(struct context *c) {
  int64_t limit = now() + STOP_LIMIT_NS;
  pthread_mutex_lock(&c->lock);
  c->closing = c->stop = true;
  pthread_cond_signal(&c->work);
  for (int error = 0; !c->stopped && error != ETIMEDOUT;) error = wait_until(&c->changed, &c->lock, limit);
  bool first = c->stopped && !c->claimed;
  if (first) c->claimed = true;
  pthread_mutex_unlock(&c->lock);
  if (first) pthread_join(c->thread, NULL);
  return first;
}
