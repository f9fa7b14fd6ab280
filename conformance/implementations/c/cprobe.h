/* A context and its requests. The context's loop is the one thread that runs handlers and the host's code [THR-2].
 * Every other thread only changes what `lock` guards, and wakes the loop. No lock is held while the host's code runs
 * [THR-4]. */
#ifndef CPROBE_H
#define CPROBE_H

#include <ffi_cts/abi.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "cbor.h"

/* ---- What a proc takes, and what it does first. The table is in procs.c; cprobe.toml says the same to the suite. */

struct request;

enum field_type { NO_FIELD, TEXT_FIELD, OPTIONAL_TEXT_FIELD, BYTES_FIELD, UINT_FIELD, OPTIONAL_UINT_FIELD, INT_FIELD };
enum { MOST_FIELDS = 3 };

struct proc {
  const char *wrapper; /* the parameter that is a map of the fields; NULL: the parameters are the fields */
  struct field {
    const char *name;
    enum field_type type;
  } fields[MOST_FIELDS];
  void (*start)(struct request *);
};

extern const struct proc proc_create, proc_echo, proc_blob, proc_fail, proc_empty, proc_emit, proc_emit_fail,
    proc_call_host, proc_call_host_item, proc_block, proc_progress;

/* ---- A request: one submission, from the host's call to its terminal callback. */

struct request {
  uint64_t call_id; /* of the host call that it waits for. First, as compare_ids wants it */
  struct context *context;
  FFICallBack callback;
  void *user_data;
  uint8_t *bytes;                 /* a copy of what the host passed, in which the texts lie: */
  struct view text;               /* the first, or the bytes */
  struct view extra;              /* the optional one; without data if it is absent */
  uint64_t number;                /* 0 if there is none */
  void (*step)(struct request *); /* what the loop does with it next */
  struct request *next;           /* in the queue */
  int64_t due;                    /* the time that it waits for; and its place in the heap */
  uint64_t turn;
  struct request *left, *right;
  unsigned rank;
  int answer_code; /* what the host answered */
  uint8_t *answer;
  size_t answer_len;
};

/* Returns NULL, or why it is refused. */
const char *request_new(struct request **made, const struct proc *proc, FFICallBack callback, void *user_data,
                        struct view bytes);
void request_free(struct request *request);

/* These call back and end the request, so that it is answered once: whoever has the pointer owes the answer. [REQ-1] */
void reply(struct request *request, struct buffer *item); /* frees the item's bytes */
void fail(struct request *request, struct view text);     /* an empty text is replaced [REQ-7] */
void fail_with(struct request *request, const char *text);
/* This one does not end it. It frees the item's bytes too. */
void report_progress(struct request *request, struct buffer *item);

/* ---- A context */

struct context {
  void *handle;
  atomic_uint pins; /* whoever uses it; the last one frees it */
  pthread_t thread;
  pthread_mutex_t lock;   /* guards what follows */
  pthread_cond_t work;    /* for the loop: there is something to do */
  pthread_cond_t changed; /* for those who wait for the loop: a listener has returned, or the loop has ended */

  bool constructed;    /* until then nothing of the queue is run [REQ-14, REQ-21] */
  atomic_bool closing; /* nothing new is accepted; never taken back. Read without the lock where it is only a hint */
  bool stop;           /* the loop is to end everything */
  bool stopped;        /* it has, and calls the host no more */
  bool claimed;        /* by the destroy that will return RET_OK [END-11] */

  /* Where a request is, unless the loop has it in hand: in one of these three. */
  struct request *first, *last; /* the queue of those that are to be run */
  struct request *timers;       /* a heap; the root is the next that is due */
  void *calls;                  /* a search tree by call id */
  uint64_t turns;

  void *listeners; /* a search tree by id, which is the order in which they were added */
  size_t listener_count;
  struct listener *running; /* the one that is being called */
  struct host_fn *host_fns;

  uint8_t *config;  /* what the constructor was given. The loop's own */
  struct view name; /* lies in it */
};

/* Makes a context that has a handle and one pin, its life's. NULL: out of memory, or of contexts. */
struct context *context_new(void);
/* The context that a handle names, pinned. NULL: the library gave out no such handle, or it is dead. [END-4 to END-7]
 */
struct context *context_pin(void *handle);
void context_unpin(struct context *c);
/* The handle is dead from here on, and the life's pin goes with it. */
void context_retire(struct context *c);

/* ---- loop.c */

/* Starts the loop; it begins with the constructor. false: the system gives no thread. */
bool loop_start(struct context *c, struct request *constructor);
bool on_loop_of(const struct context *c);
/* Refuses new work, and waits until the loop has ended all that there was. false: it was blocked for too long, or
 * somebody else was first. */
bool loop_stop(struct context *c);
/* Under the lock: the request is to be run. */
void loop_push(struct context *c, struct request *request);
/* For handlers: `step` goes on with the request after as many milliseconds as it asked for. */
void loop_delay(struct request *request, void (*step)(struct request *));
/* Ends every request there is with RET_ERR and the text. Nothing new must be accepted any more. */
void loop_cancel_all(struct context *c, const char *why);

/* Every call of a callback is this one, but for refusals. `call_host_fn` is it for host functions. */
void call_back(FFICallBack callback, int code, struct view message, void *user_data);
void call_host_fn(FFIHostFn fn, uint64_t id, struct view bytes, void *user_data);
/* Whether the calling thread is inside one of them, of whatever context. */
bool inside_host_code(void);

/* ---- listeners.c */

uint64_t listeners_add(struct context *c, const char *name, FFICallBack callback, void *user_data);
int listeners_remove(struct context *c, uint64_t id);
/* Calls the listeners of the event and the wildcards, each once. On the loop. false: out of memory, nobody was called.
 */
bool listeners_call(struct context *c, const char *event, int code, struct view message);
void listeners_free(struct context *c);

/* ---- host_calls.c */

int host_fns_register(struct context *c, const char *name, FFIHostFn fn, void *user_data);
void host_fns_free(struct context *c);
/* For handlers: calls the host function; when the host has completed the call, `step` goes on with the request. */
void host_call(struct request *request, const char *name, struct view bytes, void (*step)(struct request *));
int host_call_complete(struct context *c, uint64_t id, int code, struct view answer);
/* For search trees (tsearch): compares the uint64_t with which a thing begins. */
int compare_ids(const void *a, const void *b);

#endif
