// LOAD-2: loading installs a handler for SIGSEGV, which tells what happened and gives up.
#include <signal.h>

#include <cstdlib>

#include "conformance/faulty/wrap.hpp"

namespace {
struct sigaction before;

void on_segv(int) {
  constexpr char words[] = "traceback: SIGSEGV\n";
  [[maybe_unused]] const ssize_t n = write(2, words, sizeof words - 1);
  std::abort();
}

__attribute__((constructor)) void install() {
  struct sigaction action {};
  action.sa_handler = on_segv;
  sigaction(SIGSEGV, &action, &before);
}

__attribute__((destructor)) void restore() {
  sigaction(SIGSEGV, &before, nullptr);
}
}  // namespace
