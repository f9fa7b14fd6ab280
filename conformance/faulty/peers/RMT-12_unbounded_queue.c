/* Frames wait in a list for a thread that writes them, however many there are. wraps: frame_write */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "peer.h"

bool __real_frame_write(int fd, Slice content);
bool __wrap_frame_write(int fd, Slice content);

typedef struct Waiting {
  struct Waiting* next;
  int fd;
  size_t size;
  uint8_t content[];
} Waiting;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static Waiting *first, **last = &first;

static void* write_all(void* unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  for (;;) {
    while (!first) pthread_cond_wait(&changed, &lock);
    Waiting* one = first;
    pthread_mutex_unlock(&lock);
    __real_frame_write(one->fd, (Slice){one->content, one->size});
    pthread_mutex_lock(&lock);
    first = one->next;
    if (!first) last = &first;
    free(one);
    pthread_cond_broadcast(&changed);
  }
  return NULL;
}

static void finish(void) {
  pthread_mutex_lock(&lock);
  while (first) pthread_cond_wait(&changed, &lock);
  pthread_mutex_unlock(&lock);
}

bool __wrap_frame_write(int fd, Slice content) {
  static bool begun;
  pthread_t thread;
  Waiting* one = malloc(sizeof *one + content.size);
  if (!one) abort();
  if (!begun && (pthread_create(&thread, NULL, write_all, NULL) != 0 || atexit(finish) != 0)) abort();
  begun = true;
  one->next = NULL;
  one->fd = fd;
  one->size = content.size;
  memcpy(one->content, content.data, content.size);
  pthread_mutex_lock(&lock);
  *last = one;
  last = &one->next;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
  return true;
}
