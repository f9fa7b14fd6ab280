// Bytes or a C++ object, with one owner and the function that frees them.
// Rules: PAY-1, PAY-10 (copied out of the caller's memory by malloc, so they outlive the thread that brought them).
#pragma once

#include "reference/cbor/codec.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <span>
#include <string_view>
#include <utility>

namespace ffi_cts::runtime {

class Payload {
 public:
  using Deleter = void (*)(void*);

  Payload() = default;
  Payload(void* data, std::size_t size, Deleter deleter) noexcept : data_(data), size_(size), deleter_(deleter) {}
  Payload(cbor::Written written) noexcept : size_(written.size), deleter_(std::free) { data_ = written.memory.release(); }
  Payload(Payload&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        deleter_(std::exchange(other.deleter_, nullptr)) {}
  Payload& operator=(Payload&& other) noexcept {
    Payload taken(std::move(other));
    std::swap(data_, taken.data_);
    std::swap(size_, taken.size_);
    std::swap(deleter_, taken.deleter_);
    return *this;
  }
  ~Payload() {
    if (deleter_ != nullptr) deleter_(data_);
  }

  // Throws std::bad_alloc.
  static Payload copy(const void* data, std::size_t size) {
    if (size == 0) return {};
    void* memory = std::malloc(size);
    if (memory == nullptr) throw std::bad_alloc();
    std::memcpy(memory, data, size);
    return {memory, size, std::free};
  }
  static Payload copy(std::string_view text) { return copy(text.data(), text.size()); }
  template <class T>
  static Payload owning(T object) {
    return {new T(std::move(object)), sizeof(T), [](void* data) { delete static_cast<T*>(data); }};
  }

  const void* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  std::span<const std::uint8_t> bytes() const noexcept { return {static_cast<const std::uint8_t*>(data_), size_}; }
  template <class T>
  T& as() noexcept {
    return *static_cast<T*>(data_);
  }
  std::string_view text() const noexcept { return {static_cast<const char*>(data_), size_}; }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
  Deleter deleter_ = nullptr;
};

}  // namespace ffi_cts::runtime
