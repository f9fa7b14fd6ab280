// What faulty libraries are made of. A faulty library is the reference probe with one rule broken: it forwards every
// export (probe_exports.hpp) except the few that it names by PROBE_NO_<EXPORT> before it includes this file.
// FAULTY_BREAKS_EVERY_PROC stands for all ten procs. Nothing in here misbehaves by itself.
//
// contexts.hpp adds what a plant remembers of each context, listeners.hpp stands between registry and listener.
#pragma once

#ifdef FAULTY_BREAKS_EVERY_PROC
#define PROBE_NO_ECHO
#define PROBE_NO_BLOB
#define PROBE_NO_FAIL
#define PROBE_NO_EMPTY
#define PROBE_NO_EMIT
#define PROBE_NO_EMIT_FAIL
#define PROBE_NO_CALL_HOST
#define PROBE_NO_CALL_HOST_ITEM
#define PROBE_NO_BLOCK
#define PROBE_NO_PROGRESS
#endif
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "reference/libraries/probe/probe_exports.hpp"

namespace ffi_cts {
namespace probe = ::probe_library::abi;
}

namespace faulty {

namespace probe = ffi_cts::probe;

// What a callback delivers.
struct Message {
  int code;
  const char* msg;
  std::size_t len;

  bool terminal() const { return code != RET_STALE_WARN; }
  std::string_view text() const { return {msg, len}; }
};

// A callback as the host gave it.
struct Host {
  FFICallBack callback = nullptr;
  void* userData = nullptr;

  void operator()(const Message& message) const { callback(message.code, message.msg, message.len, userData); }
  void operator()(int code, std::string_view text) const { callback(code, text.data(), text.size(), userData); }
};

// Reads all of it.
inline void look_at(std::string_view bytes) {
  [[maybe_unused]] volatile char last = 0;
  for (const char byte : bytes) last = byte;
}

// The closure whose submission this thread is inside: a callback of it on this thread is the refusal's.
inline thread_local const void* submitting = nullptr;

using Proc = int (*)(void* ctx, FFICallBack callback, void* userData, const std::uint8_t* req,
                     std::size_t len) noexcept;

// The host's call of a proc.
struct Submission {
  Proc proc;
  void* ctx;
  FFICallBack callback;
  void* userData;
  const std::uint8_t* req;
  std::size_t len;

  std::string_view request() const { return {reinterpret_cast<const char*>(req), req ? len : 0}; }
  // What must be refused before anybody looks at the context: there is nothing to break about it.
  bool hopeless() const { return !callback || (!req && len > 0); }

  int forward() const { return proc(ctx, callback, userData, req, len); }
  // Forwarded with other bytes, which are borrowed until this returns.
  int forward(std::string_view bytes) const {
    return proc(ctx, callback, userData, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  }
  int refuse(std::string_view why) const {
    if (!callback) return RET_MISSING_CALLBACK;
    Host{callback, userData}(RET_ERR, why);
    return RET_ERR;
  }

  // Forwards the submission with a closure in place of the host's callback. Once it is accepted, each message goes to
  // on_message(host, message), on the loop; a refusal's goes to on_refusal(host, message), on the calling thread.
  template <class OnMessage, class OnRefusal>
  int intercept(OnMessage on_message, OnRefusal on_refusal) const {
    struct Closure {
      OnMessage on_message;
      OnRefusal on_refusal;
      Host host;
    };
    if (!callback) return forward();
    auto* closure = new Closure{std::move(on_message), std::move(on_refusal), Host{callback, userData}};
    const void* outer = std::exchange(submitting, closure);
    const int result = proc(
        ctx,
        [](int code, const char* msg, std::size_t n, void* self_) {
          auto* self = static_cast<Closure*>(self_);
          const Message message{code, msg, n};
          if (submitting == self) {
            self->on_refusal(self->host, message);
          } else {
            self->on_message(self->host, message);
          }
          if (message.terminal()) delete self;
        },
        closure, req, len);
    submitting = outer;
    return result;
  }
  template <class OnMessage>
  int intercept(OnMessage on_message) const {
    return intercept(std::move(on_message), [](const Host& host, const Message& message) { host(message); });
  }
};

// A submission with bytes of its own, for plants that forward it later.
struct Kept {
  Submission call;
  std::string bytes;

  explicit Kept(const Submission& submission) : call(submission), bytes(submission.request()) {}
  Submission submission() const {
    Submission mine = call;
    mine.req = reinterpret_cast<const std::uint8_t*>(bytes.data());
    mine.len = bytes.size();
    return mine;
  }
};

// True once in n, at random, differently in every process.
inline bool chance(std::uint64_t n) {
  static std::atomic<std::uint64_t> sequence{[] {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_nsec) * 1000003U + static_cast<std::uint64_t>(getpid());
  }()};
  std::uint64_t x = sequence.fetch_add(0x9e3779b97f4a7c15U, std::memory_order_relaxed);
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return (x ^ (x >> 31)) % n == 0;
}

inline void sleep_ms(long ms) {
  timespec left{ms / 1000, ms % 1000 * 1000000};
  while (nanosleep(&left, &left) != 0) {
  }
}

// What a thread does that waits for what never comes.
[[noreturn]] inline void sleep_forever() {
  for (;;) pause();
}

// What a library does that follows a wild pointer.
inline void crash() {
  volatile std::uintptr_t nowhere = 8;
  *reinterpret_cast<volatile int*>(nowhere) = 1;
}

}  // namespace faulty

#define FAULTY_PROC(name, breaker)                                                                                 \
  FFI_CTS_EXPORT int probe_##name##_cbor(void* ctx, FFICallBack callback, void* userData, const std::uint8_t* req, \
                                         std::size_t len) {                                                        \
    return breaker(faulty::Submission{ffi_cts::probe::name##_cbor, ctx, callback, userData, req, len});            \
  }

#define FAULTY_EVERY_PROC(breaker)     \
  FAULTY_PROC(echo, breaker)           \
  FAULTY_PROC(blob, breaker)           \
  FAULTY_PROC(fail, breaker)           \
  FAULTY_PROC(empty, breaker)          \
  FAULTY_PROC(emit, breaker)           \
  FAULTY_PROC(emit_fail, breaker)      \
  FAULTY_PROC(call_host, breaker)      \
  FAULTY_PROC(call_host_item, breaker) \
  FAULTY_PROC(block, breaker)          \
  FAULTY_PROC(progress, breaker)
