// What each thread knows of its own calls of the library.
#pragma once

namespace ffi_cts {

// How many calls of the library this thread is in, for those who look at an exception that nobody caught.
extern thread_local int in_library;
// The calling thread has called the library before.
extern thread_local bool called_before;

// With a library that is not built with ThreadSanitizer, a worker that is sees nothing of what the library orders: then all
// that crosses the ABI is taken to be ordered, or it would report the host's own data. Never with one that is: that would hide
// what it forgot to order. Set before the first crossing; without ThreadSanitizer it does nothing.
void order_crossings(bool on);
void host_code_left();     // on a thread that goes into the library, or back into it
void host_code_entered();  // on one that comes out of it

// The host's code, inside a callback.
struct HostCode {
  HostCode() { host_code_entered(); }
  ~HostCode() { host_code_left(); }
  HostCode(const HostCode&) = delete;
  HostCode& operator=(const HostCode&) = delete;
};

// Does a call of the library's. What it throws ends the process here, with the call still on the stack: a host in C has
// no frame that could catch it.
template <typename F>
auto inside_library(F&& f) noexcept {
  ++in_library;
  host_code_left();
  auto result = f();
  host_code_entered();
  --in_library;
  return result;
}

}  // namespace ffi_cts
