// Handles are tokens: the number of a slot and the slot's generation, mixed with a secret of the process. NULL, destroyed,
// stale and garbage handles, and those of another library, are recognised without touching what they might point at.
// Finding a context takes no lock: a slot counts its pins beside its generation in one word, and the context of a retired
// slot is freed with its last pin.
// Rules: END-4 to END-7, END-12, END-13 (no limit: the table grows), REQ-9, LOAD-4, LOAD-5 (nothing happens at load).
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

namespace ffi_cts::runtime {

class Context;
class Handles;

struct Slot {
  std::atomic<std::uint64_t> state{0};  // generation (odd: a context lives here) << 32 | pins
  Context* context = nullptr;
  std::uint32_t next_free = 0;
};

// Keeps a context's memory, not the context's life: while pinned it can be destroyed by another thread, and then refuses.
class Pin {
 public:
  Pin() = default;
  Pin(Pin&& other) noexcept;
  Pin& operator=(Pin&&) = delete;
  ~Pin();

  explicit operator bool() const noexcept { return slot_ != nullptr; }
  Context* operator->() const noexcept { return slot_->context; }
  Context& operator*() const noexcept { return *slot_->context; }

 private:
  friend class Handles;
  Pin(Handles& handles, std::uint32_t index, Slot& slot, std::uint32_t generation) noexcept
      : handles_(&handles), slot_(&slot), index_(index), generation_(generation) {}

  Handles* handles_ = nullptr;
  Slot* slot_ = nullptr;
  std::uint32_t index_ = 0;
  std::uint32_t generation_ = 0;
};

class Handles {
 public:
  constexpr Handles() = default;
  ~Handles();
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;

  struct Entry {
    void* handle;
    Pin pin;
  };
  Entry add(std::unique_ptr<Context> context);  // throws std::bad_alloc
  Pin find(void* handle) noexcept;              // false: refused
  void retire(const Pin& pin) noexcept;         // from now on the handle is refused

 private:
  friend class Pin;
  static constexpr std::uint32_t first_chunk = 64, chunk_count = 22;

  Slot* slot_at(std::uint32_t index) noexcept;
  std::uint32_t free_slot();
  void give_back(std::uint32_t index, Slot& slot) noexcept;
  std::uint64_t secret();

  // Chunk k holds 64 << k slots and never moves. The first one is static, so that few contexts allocate nothing here.
  std::array<Slot, first_chunk> first_{};
  std::array<std::atomic<Slot*>, chunk_count> chunks_{};
  std::atomic<std::uint64_t> secret_{0};

  std::mutex mutex_;  // guards what follows
  std::uint32_t used_ = 0, live_ = 0;
  std::uint32_t free_first_ = none, free_last_ = none;  // a queue: a slot rests as long as possible
  static constexpr std::uint32_t none = ~std::uint32_t{0};
};

Handles& handles() noexcept;

}  // namespace ffi_cts::runtime
