/* c_peer [--dialect plain|tagged] [--max-frame N] [--parent] [CHILD ARGUMENTS…] */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "peer.h"

bool close_asked = false;
static size_t limit = 32768;

/* Moves what is left of the last frame to the front. */
static void make_room(Buffer *in) {
  memmove(in->data, in->data + in->begin, in->end - in->begin);
  in->end -= in->begin;
  in->begin = 0;
}

static bool serving(void) { return endpoint_output >= 0 && !endpoint_write_failed && !close_asked; }

/* Until the transport is lost, by either side or by its end. */
static void serve(int input) {
  Buffer in = {malloc(limit + 65536), 0, 0, limit + 65536};
  if (!in.data) abort();
  while (serving()) {
    make_room(&in);
    const ssize_t n = read(input, in.data + in.end, in.room - in.end);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    in.end += (size_t)n;
    Slice content;
    const char *why;
    FrameState state = FRAME_NOT_YET;
    while (serving() && (state = frame_next(&in, limit, &content, &why)) == FRAME_READY) endpoint_receive(content);
    if (endpoint_output >= 0 && state == FRAME_BAD) endpoint_fail(why);
  }
  endpoint_lost();
  free(in.data);
}

static int usage(void) {
  fprintf(stderr, "usage: c_peer [--dialect plain|tagged] [--max-frame BYTES] [--parent CHILD ARGUMENTS...]\n");
  return 2;
}

int main(int argc, char **argv) {
  bool parent = false;
  int at = 1;
  for (; at < argc && !parent; ++at) {
    const char *value = at + 1 < argc ? argv[at + 1] : "";
    if (strcmp(argv[at], "--parent") == 0) {
      parent = true;
    } else if (strcmp(argv[at], "--dialect") == 0 && (strcmp(value, "plain") == 0 || strcmp(value, "tagged") == 0)) {
      tagged_dialect = strcmp(argv[++at], "tagged") == 0;
    } else if (strcmp(argv[at], "--max-frame") == 0 && atol(value) > 0) {
      limit = (size_t)atol(argv[++at]);
    } else {
      return usage();
    }
  }
  signal(SIGPIPE, SIG_IGN); /* a reader that is gone is a lost transport, not the end of this process */
  if (!parent) {
    serve(0);
    return 0;
  }
  Child child;
  if (at >= argc || !child_start(&child, argv + at)) return usage();
  endpoint_output = child.input;
  serve(child.output);
  child_close(&child);
  return 0;
}
