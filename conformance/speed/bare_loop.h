/* The measure that the harness is held against: the ABI calls of a program, made by a bare C loop. The calls are flat
 * arrays, prepared beforehand with all their bytes; a run makes the calls, waits where the program waits, answers and
 * re-enters where its callbacks do, destroys what is left, and writes nothing down.
 *
 * It does what the driver does with the same program (harness/driver), so both make the same calls. */
#ifndef FFI_CTS_BARE_LOOP_H
#define FFI_CTS_BARE_LOOP_H

#include <ffi_cts/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { BARE_MAX_THREADS = 4, BARE_MAX_THINGS = 64 };

struct bare_library {
  void *(*create)(const uint8_t *, size_t, FFICallBack, void *);
  int (*destroy)(void *);
  uint64_t (*add_event_listener)(void *, const char *, FFICallBack, void *);
  int (*remove_event_listener)(void *, uint64_t);
  int (*register_host_fn)(void *, const char *, FFIHostFn, void *);
  int (*host_complete)(void *, uint64_t, int, const char *, size_t);
};

enum bare_kind {
  BARE_CREATE,
  BARE_REQUEST,
  BARE_LISTEN,
  BARE_REMOVE,
  BARE_REGISTER,
  BARE_COMPLETE,
  BARE_DESTROY,
  BARE_WAIT,
};

/* Contexts, requests, listeners and host functions are things, numbered from 0 in the order of the text; -1 is none. */
struct bare_call {
  enum bare_kind kind;
  int thread;
  int makes;                      /* the thing that it makes */
  int context;                    /* whose handle it passes */
  int object;                     /* what it removes, completes or waits for; -1 of a wait: everything */
  uint32_t count;                 /* wait: how many callbacks; complete: which call of the host function */
  int (*proc)(void *, FFICallBack, void *, const uint8_t *, size_t);
  const uint8_t *bytes;           /* of a create, a request, a completion */
  size_t size;
  const char *name;               /* of an event or a host function */
  int code;                       /* of a completion */
  const struct bare_call *body;   /* what its callback does */
  size_t body_size;
};

struct bare_program {
  const struct bare_call *calls;
  size_t size;
  unsigned threads;               /* a bit for each that it uses */
  const struct bare_call **makers; /* of each thing: the call that makes it */
  int things;
};

struct bare_counts {
  unsigned long calls, callbacks;
};

/* Starts the threads that run programs beside the caller's; the library is loaded already. */
void bare_begin(const struct bare_library *library);
/* Runs a program to its end, its contexts' destruction included. 0, or -1 when the library would not destroy one. */
int bare_run(const struct bare_program *program);
void bare_end(void);
/* Of all programs since bare_begin. */
struct bare_counts bare_counted(void);

#ifdef __cplusplus
}
#endif

#endif
