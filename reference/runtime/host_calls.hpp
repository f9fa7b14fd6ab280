// Functions of the host, and the calls of them that wait for an answer.
// Rules: HST-1 to HST-20, PAY-13, THR-4.
#pragma once

#include "reference/runtime/inbox.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace ffi_cts::runtime {

class HostCalls {
 public:
  // NULL fn unregisters and returns 1; a NULL or empty name is refused. Throws std::bad_alloc.
  int bind(const char* name, FFIHostFn fn, void* user_data);

  // All of these on the loop. A completion reaches it through the inbox, also one made inside the host function: so a
  // chain of inline completions does not grow the stack (HST-19).
  Task<Payload> call(std::string name, Payload request);
  void resolve(Completion completion);  // drops what answers no pending call (HST-4, HST-5)
  void abandon() noexcept;              // the waiting coroutines end

 private:
  struct Function {
    FFIHostFn fn;
    void* user_data;
  };
  struct Waiter {
    virtual ~Waiter() = default;
    virtual void resume(Completion completion) = 0;
  };
  template <class Resume>
  struct WaiterOf;

  std::optional<Function> find(const std::string& name);

  std::mutex mutex_;  // guards functions_
  std::map<std::string, Function, std::less<>> functions_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Waiter>> pending_;  // of the loop alone
};

}  // namespace ffi_cts::runtime
