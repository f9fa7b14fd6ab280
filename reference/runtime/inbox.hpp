// What host threads hand to the loop. One lock, held for a few pointer writes and the wake-up: a message is allocated and
// filled before, and host code runs after. The loop takes everything at once; the first message of a batch wakes it.
// Rules: REQ-5, REQ-10, REQ-11, REQ-13, HST-17, END-11.
#pragma once

#include "reference/runtime/reply.hpp"
#include "reference/runtime/task.hpp"

#include <memory>
#include <mutex>
#include <variant>

namespace ffi_cts::runtime {

class Context;

// Runs one request on the loop. Payloads are opaque here: CBOR, or C++ values that were C's.
using Handler = Task<Payload> (*)(Context& context, Payload request, Reply& reply);

struct Request {
  Handler handler = nullptr;
  Payload payload;
  Reply reply;
};

struct Completion {
  std::uint64_t call_id = 0;
  int ret = RET_ERR;
  Payload answer;
};

struct Message {
  std::variant<std::monostate, Request, Completion> body;
  Message* next = nullptr;
};

// First in, first out; owns its messages.
class MessageQueue {
 public:
  MessageQueue() = default;
  MessageQueue(MessageQueue&& other) noexcept
      : first_(std::exchange(other.first_, nullptr)), last_(std::exchange(other.last_, nullptr)) {}
  MessageQueue& operator=(MessageQueue&&) = delete;
  ~MessageQueue() { clear(); }

  bool empty() const noexcept { return first_ == nullptr; }
  void push(std::unique_ptr<Message> message) noexcept;
  void append(MessageQueue other) noexcept;
  std::unique_ptr<Message> pop() noexcept;  // null when empty
  void clear() noexcept;

 private:
  Message* first_ = nullptr;
  Message* last_ = nullptr;
};

class Inbox {
 public:
  // Takes the message and returns true, or refuses. What `wake` throws leaves everything as it was. It is called under
  // the lock, so that no wake-up comes once close() returned.
  template <class Wake>
  bool push(std::unique_ptr<Message>& message, Wake wake) {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    if (messages_.empty()) wake();
    messages_.push(std::move(message));
    return true;
  }
  MessageQueue take() noexcept;
  void close() noexcept;  // refuses from now on

 private:
  std::mutex mutex_;
  MessageQueue messages_;
  bool closed_ = false;
};

}  // namespace ffi_cts::runtime
