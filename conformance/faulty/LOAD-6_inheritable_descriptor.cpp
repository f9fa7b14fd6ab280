// LOAD-6: each context has a descriptor to be woken by, and every program that the host starts inherits it.
#include <sys/eventfd.h>

#include "conformance/faulty/contexts.hpp"

namespace {
struct State : faulty::Life {
  int wake = eventfd(0, EFD_NONBLOCK);
  ~State() { close(wake); }
};
faulty::Contexts<State> contexts;
}  // namespace

FAULTY_LIFE(contexts)
