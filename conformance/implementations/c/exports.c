/* What the library exports: checks of what the host passed, and then the one place that does the work. */
#include <string.h>

#include "cprobe.h"

#define EXPORT __attribute__((visibility("default")))

/* A refused submission calls back once, here and now, with no lock and no pin held. [REQ-5, REQ-18] */
static int refuse(FFICallBack callback, void *user_data, const char *why) {
  callback(RET_ERR, why, strlen(why), user_data);
  return RET_ERR;
}

/* NULL, or why it is refused; then the request is gone. */
static const char *accept(struct context *c, struct request *request) {
  request->context = c;
  pthread_mutex_lock(&c->lock);
  bool open = !c->closing; /* decided and queued in one step [END-11] */
  if (open) loop_push(c, request);
  pthread_mutex_unlock(&c->lock);
  if (open) return NULL;
  request_free(request);
  return "the context is closing";
}

static int submit(void *handle, const struct proc *proc, FFICallBack callback, void *user_data, struct view bytes) {
  if (!callback) return RET_MISSING_CALLBACK; /* REQ-3 */
  struct context *c = context_pin(handle);
  if (!c) return refuse(callback, user_data, "there is no such context");
  struct request *request;
  const char *problem = request_new(&request, proc, callback, user_data, bytes);
  if (!problem) problem = accept(c, request);
  context_unpin(c);
  return problem ? refuse(callback, user_data, problem) : RET_OK;
}

#define EXPORT_PROC(name)                                                                              \
  FFI_CTS_DECLARE_PROC_CBOR(cprobe, name);                                                             \
  EXPORT int cprobe_##name##_cbor(void *ctx, FFICallBack callback, void *userData, const uint8_t *req, \
                                  size_t reqLen) {                                                     \
    return submit(ctx, &proc_##name, callback, userData, (struct view){req, reqLen});                  \
  }

EXPORT_PROC(echo)
EXPORT_PROC(blob)
EXPORT_PROC(fail)
EXPORT_PROC(empty)
EXPORT_PROC(emit)
EXPORT_PROC(emit_fail)
EXPORT_PROC(call_host)
EXPORT_PROC(call_host_item)
EXPORT_PROC(block)
EXPORT_PROC(progress)

FFI_CTS_DECLARE_CONSTRUCTOR_CBOR(cprobe);
FFI_CTS_DECLARE_LIBRARY(cprobe);

EXPORT void *cprobe_create_cbor(const uint8_t *req, size_t reqLen, FFICallBack callback, void *userData) {
  if (!callback) return NULL;
  struct request *request;
  const char *problem = request_new(&request, &proc_create, callback, userData, (struct view){req, reqLen});
  struct context *c = problem ? NULL : context_new();
  if (c) {
    void *handle = c->handle;
    request->context = context_pin(handle); /* once the loop runs, others may learn the handle and destroy it */
    bool started = loop_start(c, request);
    if (!started) context_retire(c);
    context_unpin(c);
    if (started) return handle;
  }
  if (!problem) request_free(request);
  refuse(callback, userData, problem ? problem : "there is no room for another context");
  return NULL;
}

EXPORT int cprobe_destroy(void *ctx) {
  struct context *c = context_pin(ctx);
  if (!c) return RET_ERR;
  bool ended = !on_loop_of(c) && loop_stop(c); /* a loop cannot wait for itself [END-8] */
  if (ended) context_retire(c);
  context_unpin(c);
  return ended ? RET_OK : RET_ERR;
}

EXPORT uint64_t cprobe_add_event_listener(void *ctx, const char *name, FFICallBack callback, void *userData) {
  struct context *c = callback ? context_pin(ctx) : NULL; /* EVT-3 */
  if (!c) return 0;
  uint64_t id = listeners_add(c, name, callback, userData);
  context_unpin(c);
  return id;
}

EXPORT int cprobe_remove_event_listener(void *ctx, uint64_t id) {
  struct context *c = context_pin(ctx);
  if (!c) return RET_ERR;
  int result = listeners_remove(c, id);
  context_unpin(c);
  return result;
}

EXPORT int cprobe_register_host_fn(void *ctx, const char *name, FFIHostFn fn, void *userData) {
  struct context *c = name && *name ? context_pin(ctx) : NULL; /* HST-21 */
  if (!c) return RET_ERR;
  int result = host_fns_register(c, name, fn, userData);
  context_unpin(c);
  return result;
}

EXPORT int cprobe_host_complete(void *ctx, uint64_t callId, int ret, const char *msg, size_t len) {
  struct context *c = msg || len == 0 ? context_pin(ctx) : NULL; /* HST-15: the call stays pending */
  if (!c) return RET_ERR;
  int result = host_call_complete(c, callId, ret, (struct view){(const uint8_t *)msg, len});
  context_unpin(c);
  return result;
}
