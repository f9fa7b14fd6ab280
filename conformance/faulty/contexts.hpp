// What a plant remembers of each context, and on which threads it is inside a callback. Such a plant brings create and
// destroy itself: FAULTY_LIFE(contexts), unless they are what it breaks.
#pragma once

#define PROBE_NO_CREATE
#define PROBE_NO_DESTROY
#include <array>
#include <map>
#include <memory>
#include <mutex>

#include "conformance/faulty/wrap.hpp"

namespace faulty {

// Of every context. A plant's state derives from it.
struct Life {
  std::atomic<bool> constructed{false};  // the constructor has called back, with either code
  std::atomic<bool> failed{false};       // with RET_ERR
  std::atomic<bool> closing{false};      // destroy was called
};

template <class State>
class Contexts {
 public:
  // Null for a handle that is no live context (or one whose create has not returned).
  std::shared_ptr<State> of(void* ctx) {
    const std::lock_guard lock(mutex_);
    if (!states_) return nullptr;
    const auto it = states_->find(ctx);
    return it == states_->end() ? nullptr : it->second;
  }

  // The context inside whose callback this thread is, or null. (Host code on a loop runs in callbacks only, and the
  // constructor's comes first.)
  static State* here() { return here_; }

  // on_message(host, message) gets the constructor's message instead of the host. Not if the constructor was refused.
  template <class OnMessage>
  void* create(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData, OnMessage on_message) {
    struct Closure {
      std::shared_ptr<State> state;
      Host host;
      OnMessage on_message;
    };
    if (!callback) return probe::create_cbor(req, len, callback, userData);
    auto state = std::make_shared<State>();
    auto* closure = new Closure{state, Host{callback, userData}, std::move(on_message)};
    const void* outer = std::exchange(submitting, closure);
    void* ctx = probe::create_cbor(
        req, len,
        [](int code, const char* msg, std::size_t n, void* self_) {
          const std::unique_ptr<Closure> self(static_cast<Closure*>(self_));
          const Message message{code, msg, n};
          if (submitting == self.get()) return self->host(message);
          here_ = self->state.get();
          self->state->constructed = true;
          const std::shared_ptr<State> kept = self->state;
          self->on_message(self->host, message);
          kept->failed = code != RET_OK;  // once the host has been told: what comes before proves nothing
        },
        closure);
    submitting = outer;
    if (ctx) remember(ctx, std::move(state));
    return ctx;
  }
  void* create(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
    return create(req, len, callback, userData, [](const Host& host, const Message& message) { host(message); });
  }

  int destroy(void* ctx) {
    const auto state = of(ctx);
    if (state && !here_) state->closing = true;
    const int result = probe::destroy(ctx);
    if (result == RET_OK) forget(ctx);
    return result;
  }

  void remember(void* ctx, std::shared_ptr<State> state) {
    const std::lock_guard lock(mutex_);
    if (!states_) states_ = new std::map<void*, std::shared_ptr<State>>;
    states_->emplace(ctx, std::move(state));
  }
  void forget(void* ctx) {
    std::shared_ptr<State> last;  // freed outside the lock
    const std::lock_guard lock(mutex_);
    if (!states_) return;
    if (const auto it = states_->find(ctx); it != states_->end()) {
      last = std::move(it->second);
      states_->erase(it);
    }
    if (states_->empty()) delete std::exchange(states_, nullptr);  // so that no static destructor is needed
  }

 private:
  static inline thread_local State* here_ = nullptr;
  std::mutex mutex_;
  std::map<void*, std::shared_ptr<State>>* states_ = nullptr;
};

// The handles destroyed last.
class Graves {
 public:
  void add(void* ctx) {
    const std::lock_guard lock(mutex_);
    handles_[next_++ % handles_.size()] = ctx;
  }
  bool has(void* ctx) {
    const std::lock_guard lock(mutex_);
    for (void* handle : handles_) {
      if (ctx && handle == ctx) return true;
    }
    return false;
  }

 private:
  std::mutex mutex_;
  std::array<void*, 1024> handles_{};
  std::size_t next_ = 0;
};

// Runs `work` on the loop, `ms` (at most 255) milliseconds from now, or earlier if the context is destroyed.
// False: refused, it will not run.
template <class Work>
bool later(void* ctx, Work work, int ms = 0) {
  const FFICallBack nobody = [](int, const char*, std::size_t, void*) {};
  std::string request = "\xa0";
  if (ms > 0) {
    request =
        "\xa1\x63req\xa2\x64text\x60\x67"
        "delayMs\x18";
    request += static_cast<char>(ms);
  }
  const Submission submission{ms > 0 ? probe::echo_cbor : probe::empty_cbor,         ctx,           nobody, nullptr,
                              reinterpret_cast<const std::uint8_t*>(request.data()), request.size()};
  return submission.intercept([work = std::move(work)](const Host&, const Message&) mutable { work(); },
                              [](const Host&, const Message&) {}) == RET_OK;
}

}  // namespace faulty

#define FAULTY_CREATE(contexts)                                                                          \
  FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, \
                                         void* userData) {                                               \
    return contexts.create(req, len, callback, userData);                                                \
  }
#define FAULTY_DESTROY(contexts)                \
  FFI_CTS_EXPORT int probe_destroy(void* ctx) { \
    return contexts.destroy(ctx);               \
  }
#define FAULTY_LIFE(contexts) \
  FAULTY_CREATE(contexts)     \
  FAULTY_DESTROY(contexts)
