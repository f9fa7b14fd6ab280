#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cprobe.h"

static void put_pair(struct buffer *item, const char *key, struct view text) {
  cbor_put_text(item, key);
  cbor_put_string(item, CBOR_TEXT, text);
}

static void reply_nothing(struct request *request) {
  struct buffer item = {0};
  cbor_put_null(&item);
  reply(request, &item);
}

static void reply_pair(struct request *request, const char *key, struct view text) {
  struct buffer item = {0};
  cbor_put_head(&item, CBOR_MAP, 1);
  put_pair(&item, key, text);
  reply(request, &item);
}

/* ---- create */

static void construct(struct request *request) {
  struct context *c = request->context;
  if (request->extra.data) { /* the host asked for a constructor that fails */
    pthread_mutex_lock(&c->lock);
    c->closing = true; /* REQ-15 */
    pthread_mutex_unlock(&c->lock);
    fail(request, request->extra);
    loop_cancel_all(c, "the constructor failed"); /* REQ-14 */
    return;
  }
  c->config = request->bytes; /* the context keeps them: the name lies there */
  c->name = request->text;
  request->bytes = NULL;
  pthread_mutex_lock(&c->lock);
  c->constructed = true;
  pthread_mutex_unlock(&c->lock);
  char handle[24];
  snprintf(handle, sizeof handle, "%" PRIuPTR, (uintptr_t)c->handle);
  struct buffer item = {0};
  cbor_put_text(&item, handle);
  reply(request, &item);
}

static void create(struct request *request) { loop_delay(request, construct); }

/* ---- echo, blob, fail */

static void echo_now(struct request *request) {
  struct buffer item = {0};
  cbor_put_head(&item, CBOR_MAP, 2);
  put_pair(&item, "echoed", request->text);
  put_pair(&item, "name", request->context->name);
  reply(request, &item);
}

static void echo(struct request *request) { loop_delay(request, echo_now); }

static void blob(struct request *request) {
  struct buffer item = {0};
  cbor_put_head(&item, CBOR_MAP, 1);
  cbor_put_text(&item, "data");
  cbor_put_string(&item, CBOR_BYTES, request->text);
  reply(request, &item);
}

static void fail_as_asked(struct request *request) { fail(request, request->text); }

/* ---- emit, emit_fail, progress */

static void put_text_and_index(struct buffer *item, struct view text, uint64_t index) {
  cbor_put_head(item, CBOR_MAP, 2);
  put_pair(item, "text", text);
  cbor_put_text(item, "index");
  cbor_put_head(item, CBOR_UINT, index);
}

/* {"eventType": …, "payload": {"text": …, "index": …}} [EVT-11] */
static bool emit_one(struct request *request, const char *event, uint64_t index) {
  struct buffer item = {0};
  cbor_put_head(&item, CBOR_MAP, 2);
  put_pair(&item, "eventType", view_of_text(event));
  cbor_put_text(&item, "payload");
  put_text_and_index(&item, request->text, index);
  bool told = !item.failed && listeners_call(request->context, event, RET_OK, (struct view){item.data, item.len});
  free(item.data);
  return told;
}

static void emit(struct request *request) {
  bool tick = !request->extra.data || is_text(request->extra, "tick");
  const char *problem = NULL;
  if (!tick && !is_text(request->extra, "tock")) problem = "there is no such event";
  for (uint64_t i = 0; !problem && i < request->number; ++i) {
    if (request->context->closing)
      problem = "the context was destroyed"; /* a long burst does not hold destroy up [END-16] */
    else if (!emit_one(request, tick ? "tick" : "tock", i))
      problem = "out of memory: events were lost"; /* EVT-17 */
  }
  if (problem)
    fail_with(request, problem);
  else
    reply_nothing(request);
}

/* An event whose making fails: its listeners hear why. [EVT-18] */
static void emit_fail(struct request *request) {
  struct view text = request->text.len > 0 ? request->text : view_of_text("unknown error");
  if (listeners_call(request->context, "tick", RET_ERR, text))
    reply_nothing(request);
  else
    fail_with(request, "out of memory: an event was lost");
}

static void progress(struct request *request) {
  for (uint64_t i = 0; i < request->number; ++i) {
    if (request->context->closing) {
      fail_with(request, "the context was destroyed");
      return;
    }
    struct buffer item = {0};
    put_text_and_index(&item, request->text, i);
    report_progress(request, &item);
  }
  reply_pair(request, "text", request->text);
}

/* ---- call_host, call_host_item */

static void raw_answered(struct request *request) {
  struct view answer = {request->answer, request->answer_len};
  if (request->answer_code != RET_OK)
    fail(request, answer);
  else if (!is_utf8(answer))
    fail_with(request, "the answer of 'fetch' is no UTF-8");
  else
    reply_pair(request, "answer", answer);
}

static void item_answered(struct request *request) {
  struct view answer = {request->answer, request->answer_len}, text;
  if (request->answer_code != RET_OK)
    fail(request, answer);
  else if (!cbor_is_one_item(answer) || !cbor_get_string(answer, CBOR_TEXT, &text))
    fail_with(request, "the answer of 'fetch_item' is not one CBOR text");
  else
    reply_pair(request, "answer", text);
}

static void call_host(struct request *request) { host_call(request, "fetch", request->text, raw_answered); }

static void call_host_item(struct request *request) {
  struct buffer item = {0};
  cbor_put_head(&item, CBOR_MAP, 1);
  put_pair(&item, "key", request->text);
  if (item.failed)
    fail_with(request, "out of memory");
  else
    host_call(request, "fetch_item", (struct view){item.data, item.len}, item_answered);
  free(item.data);
}

/* ---- block: what no handler should do */

static void block(struct request *request) {
  struct timespec left = {(time_t)(request->number / 1000), (long)(request->number % 1000) * 1000000};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) continue; /* REQ-19 */
  reply_nothing(request);
}

/* ---- The table */

const struct proc proc_create = {
    "config", {{"name", TEXT_FIELD}, {"delayMs", OPTIONAL_UINT_FIELD}, {"fail", OPTIONAL_TEXT_FIELD}}, create};
const struct proc proc_echo = {"req", {{"text", TEXT_FIELD}, {"delayMs", INT_FIELD}}, echo};
const struct proc proc_blob = {NULL, {{"data", BYTES_FIELD}}, blob};
const struct proc proc_fail = {NULL, {{"text", TEXT_FIELD}}, fail_as_asked};
const struct proc proc_empty = {NULL, {{NULL, NO_FIELD}}, reply_nothing};
const struct proc proc_emit = {
    "req", {{"text", TEXT_FIELD}, {"count", UINT_FIELD}, {"event", OPTIONAL_TEXT_FIELD}}, emit};
const struct proc proc_emit_fail = {NULL, {{"text", TEXT_FIELD}}, emit_fail};
const struct proc proc_call_host = {NULL, {{"key", TEXT_FIELD}}, call_host};
const struct proc proc_call_host_item = {NULL, {{"key", TEXT_FIELD}}, call_host_item};
const struct proc proc_block = {NULL, {{"ms", UINT_FIELD}}, block};
const struct proc proc_progress = {NULL, {{"text", TEXT_FIELD}, {"count", UINT_FIELD}}, progress};
