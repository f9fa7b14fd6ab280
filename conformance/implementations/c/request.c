#include <stdlib.h>
#include <string.h>

#include "cprobe.h"

static bool get_field(struct view map, const struct field *field, struct request *request) {
  struct view value;
  bool negative = false;
  if (!cbor_find(map, field->name, &value))
    return field->type == OPTIONAL_TEXT_FIELD || field->type == OPTIONAL_UINT_FIELD;
  switch (field->type) {
    case TEXT_FIELD:
      return cbor_get_string(value, CBOR_TEXT, &request->text);
    case OPTIONAL_TEXT_FIELD:
      return cbor_get_string(value, CBOR_TEXT, &request->extra);
    case BYTES_FIELD:
      return cbor_get_string(value, CBOR_BYTES, &request->text);
    default:
      if (!cbor_get_integer(value, &negative, &request->number)) return false;
      if (negative) request->number = 0; /* no time at all */
      return !negative || field->type == INT_FIELD;
  }
}

/* NULL: decoded. Otherwise what is wrong. [REQ-8] */
static const char *decode(const struct proc *proc, struct view map, struct request *request) {
  if (!cbor_is_one_item(map)) return "the request is not one well-formed CBOR item";
  if (!cbor_is_map(map)) return "the request is no map";
  if (proc->wrapper && (!cbor_find(map, proc->wrapper, &map) || !cbor_is_map(map)))
    return "the request's parameter is missing or is no map";
  for (size_t i = 0; i < MOST_FIELDS && proc->fields[i].type != NO_FIELD; ++i)
    if (!get_field(map, &proc->fields[i], request)) return "a field of the request is missing or has another type";
  return NULL;
}

const char *request_new(struct request **made, const struct proc *proc, FFICallBack callback, void *user_data,
                        struct view bytes) {
  if (!bytes.data && bytes.len > 0) return "the request is NULL and has a length"; /* PAY-11 */
  struct request *request = malloc(sizeof *request);
  if (!request) return "out of memory";
  *request = (struct request){.callback = callback, .user_data = user_data, .step = proc->start};
  request->bytes = malloc(bytes.len + 1); /* borrowed until the submission returns [PAY-1] */
  const char *problem = "out of memory";
  if (request->bytes) {
    if (bytes.len > 0) memcpy(request->bytes, bytes.data, bytes.len);
    problem = decode(proc, (struct view){request->bytes, bytes.len}, request);
  }
  if (problem) request_free(request);
  *made = problem ? NULL : request;
  return problem;
}

void request_free(struct request *request) {
  free(request->bytes);
  free(request->answer);
  free(request);
}

void fail(struct request *request, struct view text) {
  call_back(request->callback, RET_ERR, text.len > 0 ? text : view_of_text("unknown error"), request->user_data);
  request_free(request);
}

void fail_with(struct request *request, const char *text) { fail(request, view_of_text(text)); }

void reply(struct request *request, struct buffer *item) {
  if (item->failed) {
    fail_with(request, "out of memory");
  } else {
    call_back(request->callback, RET_OK, (struct view){item->data, item->len}, request->user_data);
    request_free(request);
  }
  free(item->data);
}

void report_progress(struct request *request, struct buffer *item) {
  if (!item->failed)
    call_back(request->callback, RET_STALE_WARN, (struct view){item->data, item->len}, request->user_data);
  free(item->data);
}
