// LOAD-4: when the library is unloaded it flushes its log and ends the process by the way.
#include "conformance/faulty/wrap.hpp"

namespace {
__attribute__((destructor)) void flush() {
  _exit(0);
}
}  // namespace
