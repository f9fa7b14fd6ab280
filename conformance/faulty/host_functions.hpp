// Stands between the library and the host's functions: each host call goes to a plant's on_call(state, host, id,
// request). Such a plant brings create, destroy, register_host_fn and host_complete itself: FAULTY_LIFE(contexts),
// FAULTY_REGISTER and FAULTY_COMPLETE, unless they are what it breaks. Its state derives from Calls.
#pragma once

#define PROBE_NO_REGISTER_HOST_FN
#define PROBE_NO_HOST_COMPLETE
#include <vector>

#include "conformance/faulty/contexts.hpp"

namespace faulty {

// A host function as the host gave it.
struct HostFunction {
  FFIHostFn fn = nullptr;
  void* userData = nullptr;

  void operator()(std::uint64_t id, std::string_view request) const {
    fn(id, request.data(), request.size(), userData);
  }
};

// A context's state. Closures stay in memory until destroy: a replaced one may still be running.
struct Calls : Life {
  std::mutex mutex;
  std::vector<std::shared_ptr<void>> closures;
  std::vector<std::uint64_t>
      pending;  // ids of calls that were made and not completed, in that order; see note and forget

  void note(std::uint64_t id) {
    const std::lock_guard lock(mutex);
    pending.push_back(id);
  }
  // Was it pending?
  bool forget(std::uint64_t id) {
    const std::lock_guard lock(mutex);
    return std::erase(pending, id) > 0;
  }
  std::uint64_t oldest() {
    const std::lock_guard lock(mutex);
    return pending.empty() ? 0 : pending.front();
  }
};

template <class State, class OnCall>
int bind(Contexts<State>& contexts, void* ctx, const char* name, FFIHostFn fn, void* userData, OnCall on_call) {
  struct Closure {
    State* state;  // which owns it
    HostFunction host;
    OnCall on_call;
  };
  const auto state = contexts.of(ctx);
  if (!fn || !state) return probe::register_host_fn(ctx, name, fn, userData);
  const auto closure = std::make_shared<Closure>(Closure{state.get(), HostFunction{fn, userData}, std::move(on_call)});
  {
    const std::lock_guard lock(state->mutex);
    state->closures.push_back(closure);
  }
  return probe::register_host_fn(
      ctx, name,
      [](std::uint64_t id, const char* request, std::size_t len, void* self_) {
        auto* self = static_cast<Closure*>(self_);
        self->on_call(*self->state, self->host, id, std::string_view(request, len));
      },
      closure.get());
}

// Calls the host, and notes what is pending.
inline constexpr auto plain_call = [](Calls& calls, const HostFunction& host, std::uint64_t id,
                                      std::string_view request) {
  calls.note(id);
  host(id, request);
};

// The host's completion of a call.
struct Completion {
  void* ctx;
  std::uint64_t id;
  int ret;
  const char* msg;
  std::size_t len;

  std::string_view text() const { return {msg ? msg : "", msg ? len : 0}; }
  bool null() const { return !msg && len > 0; }
  int forward() const { return probe::host_complete(ctx, id, ret, msg, len); }
  int forward(int with, std::string_view bytes) const {
    return probe::host_complete(ctx, id, with, bytes.data(), bytes.size());
  }
};

// Accepts a request that is not answered before its context is destroyed; `work` runs then, on the loop. No thread and
// no timer shows it: it waits for a host call of ours.
template <class Work>
void at_destroy(void* ctx, Work work) {
  probe::register_host_fn(
      ctx, "fetch_item", [](std::uint64_t, const char*, std::size_t, void*) {}, nullptr);
  const std::string_view request = "\xa1\x63key\x60";
  const FFICallBack nobody = [](int, const char*, std::size_t, void*) {};
  const Submission submission{probe::call_host_item_cbor,
                              ctx,
                              nobody,
                              nullptr,
                              reinterpret_cast<const std::uint8_t*>(request.data()),
                              request.size()};
  submission.intercept([work = std::move(work)](const Host&, const Message&) mutable { work(); },
                       [](const Host&, const Message&) {});
}

}  // namespace faulty

#define FAULTY_REGISTER(contexts, on_call)                                                               \
  FFI_CTS_EXPORT int probe_register_host_fn(void* ctx, const char* name, FFIHostFn fn, void* userData) { \
    return faulty::bind(contexts, ctx, name, fn, userData, on_call);                                     \
  }
#define FAULTY_COMPLETE(breaker)                                                                                       \
  FFI_CTS_EXPORT int probe_host_complete(void* ctx, std::uint64_t callId, int ret, const char* msg, std::size_t len) { \
    return breaker(faulty::Completion{ctx, callId, ret, msg, len});                                                    \
  }
