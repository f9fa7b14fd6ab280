// Foreign: aborts while it is being loaded.
#include <cstdlib>

#include "conformance/faulty/wrap.hpp"

namespace {
__attribute__((constructor)) void load() {
  std::abort();
}
}  // namespace
