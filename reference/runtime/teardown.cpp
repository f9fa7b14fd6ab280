// Teardown. Destroy tells the loop to stop and waits for its thread; the loop's thread ends everything itself, so that
// the last callbacks come from where all the others came from.
// Rules: REQ-15, HST-11, END-1 to END-3, END-8, END-10, END-11, END-16, LOAD-6 (signals), REQ-19.
#include "reference/runtime/context.hpp"

#include <csignal>

namespace ffi_cts::runtime {
namespace {

using namespace std::chrono_literals;

// How long destroy waits for a handler or callback that blocks the loop.
constexpr auto destroy_limit = 1500ms;

// While it lives, threads that this one starts are born with all asynchronous signals blocked: signals are the host's.
class SignalsBlocked {
 public:
  SignalsBlocked() noexcept {
    sigset_t blocked;
    sigfillset(&blocked);
    for (const int synchronous : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS}) {
      sigdelset(&blocked, synchronous);
    }
    pthread_sigmask(SIG_SETMASK, &blocked, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

void Context::start(void* handle, FFICallBack constructed, void* user_data) {
  handle_ = handle;
  const SignalsBlocked signals_blocked;
  thread_ = std::thread([this, constructed, user_data] { run(Reply(constructed, user_data)); });
}

void Context::close() noexcept {
  closing_ = true;
  inbox_.close();
}

int Context::destroy() noexcept {
  if (inside_callback()) return RET_ERR;           // the loop cannot wait for itself, nor should it for another one
  close();                                         // first: whoever is told RET_ERR finds it closing
  if (destroying_.exchange(true)) return RET_ERR;  // of concurrent ones the first goes on
  if (!stopping_.exchange(true)) io_.stop();
  if (!finished_in_time()) {
    destroying_ = false;
    return RET_ERR;
  }
  thread_.join();
  return RET_OK;
}

// On the loop's thread, once it was stopped. Whoever still owes an answer gives it as its Reply dies.
void Context::end_everything() noexcept {
  batch_.append(inbox_.take());
  batch_.clear();
  early_.clear();
  host_calls_.abandon();
  io_.shutdown();  // destroys the suspended coroutines: requests in flight, and the constructor
  instance_.reset();
  const std::lock_guard lock(finished_mutex_);
  finished_ = true;
  finished_changed_.notify_all();
}

bool Context::finished_in_time() noexcept {
  std::unique_lock lock(finished_mutex_);
  return finished_changed_.wait_for(lock, destroy_limit, [this] { return finished_; });
}

}  // namespace ffi_cts::runtime
