#include "reference/runtime/inbox.hpp"

namespace ffi_cts::runtime {

void MessageQueue::push(std::unique_ptr<Message> message) noexcept {
  Message* const added = message.release();
  (first_ == nullptr ? first_ : last_->next) = added;
  last_ = added;
}

void MessageQueue::append(MessageQueue other) noexcept {
  if (other.empty()) return;
  (first_ == nullptr ? first_ : last_->next) = std::exchange(other.first_, nullptr);
  last_ = other.last_;
}

std::unique_ptr<Message> MessageQueue::pop() noexcept {
  std::unique_ptr<Message> message(first_);
  if (message) first_ = std::exchange(message->next, nullptr);
  return message;
}

void MessageQueue::clear() noexcept {
  while (pop() != nullptr) {
  }
}

MessageQueue Inbox::take() noexcept {
  const std::lock_guard lock(mutex_);
  return std::move(messages_);
}

void Inbox::close() noexcept {
  const std::lock_guard lock(mutex_);
  closed_ = true;
}

}  // namespace ffi_cts::runtime
