// LOAD-5: loading opens the source of randomness, long before anybody needs it.
#include <fcntl.h>

#include "conformance/faulty/wrap.hpp"

namespace {
int source = -1;

__attribute__((constructor)) void start() {
  source = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
}

__attribute__((destructor)) void stop() {
  close(source);
}
}  // namespace
