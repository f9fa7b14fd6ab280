// LOAD-4: each thread that submits gets a buffer of its own, freed by a hook when the thread ends. Destroying the last
// context does not take the hook away.
#define FAULTY_BREAKS_EVERY_PROC
#include <pthread.h>

#include <mutex>

#include "conformance/faulty/wrap.hpp"

namespace {
std::once_flag once;
pthread_key_t key;

void release(void* buffer) {
  delete static_cast<std::string*>(buffer);
}

int submit(const faulty::Submission& submission) {
  std::call_once(once, [] { pthread_key_create(&key, release); });
  if (!pthread_getspecific(key)) pthread_setspecific(key, new std::string(64, ' '));
  return submission.forward();
}
}  // namespace

FAULTY_EVERY_PROC(submit)
