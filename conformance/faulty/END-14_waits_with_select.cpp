// END-14: echo waits with select() for its descriptor, whose bit lies outside the set when more than 1,024 are open.
#define PROBE_NO_ECHO
#include <sys/eventfd.h>
#include <sys/select.h>

#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  if (submission.hopeless()) return submission.forward();
  const int fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
  // The words that follow the set stand for whatever FD_SET overwrites there; what is in them is never waited for.
  union {
    fd_set set;
    unsigned long words[256];
  } readable{};
  constexpr unsigned bits = 8 * sizeof(unsigned long);
  if (fd >= 0) readable.words[static_cast<unsigned>(fd) / bits] |= 1UL << static_cast<unsigned>(fd) % bits;
  timeval patience{0, 1000};
  const bool woken = select(fd < FD_SETSIZE ? fd + 1 : FD_SETSIZE, &readable.set, nullptr, nullptr, &patience) == 1;
  close(fd);
  return woken ? submission.forward() : submission.refuse("nobody woke the loop");
}
}  // namespace

FAULTY_PROC(echo, submit)
