#include "reference/runtime/host_calls.hpp"

#include <asio/use_awaitable.hpp>

#include <atomic>

namespace ffi_cts::runtime {
namespace {

// One counter for the process, so that a late answer hits no other context's call (HST-12, HST-20).
constinit std::atomic<std::uint64_t> last_call_id{0};

}  // namespace

template <class Resume>
struct HostCalls::WaiterOf : Waiter {
  explicit WaiterOf(Resume&& resume_with) : resume_(std::move(resume_with)) {}
  void resume(Completion completion) override { std::move(resume_)(std::move(completion)); }
  Resume resume_;
};

int HostCalls::bind(const char* name, FFIHostFn fn, void* user_data) {
  if (name == nullptr || *name == '\0') return RET_ERR;
  const std::lock_guard lock(mutex_);
  if (fn == nullptr) {
    if (const auto found = functions_.find(std::string_view(name)); found != functions_.end()) functions_.erase(found);
    return RET_ERR;
  }
  functions_.insert_or_assign(name, Function{fn, user_data});
  return RET_OK;
}

std::optional<HostCalls::Function> HostCalls::find(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = functions_.find(name);
  if (found == functions_.end()) return std::nullopt;
  return found->second;
}

Task<Payload> HostCalls::call(std::string name, Payload request) {
  const std::optional<Function> function = find(name);
  if (!function) throw HandlerError("the host function '" + name + "' is not registered");

  auto initiate = [&](auto resume) {
    const std::uint64_t id = last_call_id.fetch_add(1, std::memory_order_relaxed) + 1;
    // First pending, then called: the host may answer before its function returns (HST-6).
    pending_.emplace(id, std::make_unique<WaiterOf<decltype(resume)>>(std::move(resume)));
    call_host(function->fn, id, request.data(), request.size(), function->user_data);
  };
  Completion answer = co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void(Completion)>(
      initiate, asio::use_awaitable_t<Executor>());

  if (answer.ret == RET_OK) co_return std::move(answer.answer);
  throw HostError(name, std::string(answer.answer.text()));
}

void HostCalls::resolve(Completion completion) {
  auto waiting = pending_.extract(completion.call_id);
  if (waiting.empty()) return;
  waiting.mapped()->resume(std::move(completion));
}

void HostCalls::abandon() noexcept { pending_.clear(); }

}  // namespace ffi_cts::runtime
