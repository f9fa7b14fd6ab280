// What each thread knows of its own calls of the library.
#pragma once

namespace ffi_cts {

// How many calls of the library this thread is in, for those who look at an exception that nobody caught.
extern thread_local int in_library;
// The calling thread has called the library before.
extern thread_local bool called_before;

// Does a call of the library's. What it throws ends the process here, with the call still on the stack: a host in C has
// no frame that could catch it.
template <typename F>
auto inside_library(F&& f) noexcept {
  ++in_library;
  auto result = f();
  --in_library;
  return result;
}

}  // namespace ffi_cts
