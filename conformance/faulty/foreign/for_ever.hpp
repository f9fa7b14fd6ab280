// A thread of the process that never leaves, of a library that is correct all the same.
#pragma once

#include <dlfcn.h>
#include <signal.h>

#include <thread>

namespace faulty {

// The thread blocks asynchronous signals. The library is pinned, so that unloading stays safe. Once a process.
template <typename Work>
void start_for_ever(Work work) {
  static const int in_this_library = 0;
  Dl_info self{};
  dladdr(&in_this_library, &self);
  dlopen(self.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread(work).detach();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace faulty
