#include "reference/runtime/handles.hpp"

#include "reference/runtime/context.hpp"

#include <sys/random.h>

#include <bit>
#include <chrono>

namespace ffi_cts::runtime {
namespace {

constexpr std::uint64_t one_generation = std::uint64_t{1} << 32;
constexpr std::uint64_t sixty_three_bits = ~std::uint64_t{0} >> 1;

std::uint32_t generation_of(std::uint64_t state) { return static_cast<std::uint32_t>(state >> 32); }
bool is_live(std::uint32_t generation) { return generation % 2 == 1; }

constinit Handles table;

}  // namespace

Handles& handles() noexcept { return table; }

Pin::Pin(Pin&& other) noexcept
    : handles_(other.handles_), slot_(other.slot_), index_(other.index_), generation_(other.generation_) {
  other.slot_ = nullptr;
}

Pin::~Pin() {
  if (slot_ == nullptr) return;
  const std::uint64_t before = slot_->state.fetch_sub(1, std::memory_order_acq_rel);
  const bool last = static_cast<std::uint32_t>(before) == 1;
  if (!last || generation_of(before) == generation_) return;
  delete slot_->context;  // retired, and nobody can pin it again
  handles_->give_back(index_, *slot_);
}

Handles::~Handles() {
  // At exit a host may have left contexts open; their threads still look here, so leave everything in place then.
  const std::lock_guard lock(mutex_);
  if (live_ > 0) return;
  for (std::size_t k = 1; k < chunk_count; ++k) delete[] chunks_[k].exchange(nullptr);
}

Handles::Entry Handles::add(std::unique_ptr<Context> context) {
  const std::uint64_t mask = secret();
  const std::uint32_t index = free_slot();
  Slot& slot = *slot_at(index);
  slot.context = context.release();
  // 31 bits of generation: a handle read as decimal text fits every language's signed 64 bits.
  std::uint64_t generation = (generation_of(slot.state.load(std::memory_order_relaxed)) + 1) & 0x7fffffff;
  if (((generation << 32 | index) ^ mask) == 0) generation = (generation + 2) & 0x7fffffff;  // NULL names nothing
  slot.state.store(generation << 32 | 1, std::memory_order_release);
  const auto handle = static_cast<std::uintptr_t>((generation << 32 | index) ^ mask);
  return {reinterpret_cast<void*>(handle), Pin(*this, index, slot, static_cast<std::uint32_t>(generation))};
}

Pin Handles::find(void* handle) noexcept {
  const std::uint64_t key = reinterpret_cast<std::uintptr_t>(handle) ^ secret_.load(std::memory_order_relaxed);
  const auto index = static_cast<std::uint32_t>(key);
  const std::uint32_t generation = generation_of(key);
  if (handle == nullptr || !is_live(generation)) return {};
  Slot* slot = slot_at(index);
  if (slot == nullptr) return {};
  std::uint64_t state = slot->state.load(std::memory_order_relaxed);
  do {
    if (generation_of(state) != generation) return {};
  } while (!slot->state.compare_exchange_weak(state, state + 1, std::memory_order_acq_rel, std::memory_order_relaxed));
  return Pin(*this, index, *slot, generation);
}

void Handles::retire(const Pin& pin) noexcept { pin.slot_->state.fetch_add(one_generation, std::memory_order_acq_rel); }

Slot* Handles::slot_at(std::uint32_t index) noexcept {
  const std::uint32_t chunk = static_cast<std::uint32_t>(std::bit_width(index / first_chunk + 1)) - 1;
  if (chunk >= chunk_count) return nullptr;
  const std::uint32_t offset = index - first_chunk * ((1U << chunk) - 1);
  if (chunk == 0) return &first_[offset];
  Slot* slots = chunks_[chunk].load(std::memory_order_acquire);
  return slots == nullptr ? nullptr : slots + offset;
}

std::uint32_t Handles::free_slot() {
  const std::lock_guard lock(mutex_);
  if (free_first_ != none) {
    const std::uint32_t index = free_first_;
    free_first_ = slot_at(index)->next_free;
    if (free_first_ == none) free_last_ = none;
    ++live_;
    return index;
  }
  if (slot_at(used_) == nullptr) {
    const std::uint32_t chunk = static_cast<std::uint32_t>(std::bit_width(used_ / first_chunk + 1)) - 1;
    if (chunk >= chunk_count) throw std::bad_alloc();
    chunks_[chunk].store(new Slot[first_chunk << chunk], std::memory_order_release);
  }
  ++live_;
  return used_++;
}

void Handles::give_back(std::uint32_t index, Slot& slot) noexcept {
  const std::lock_guard lock(mutex_);
  slot.context = nullptr;
  slot.next_free = none;
  (free_last_ == none ? free_first_ : slot_at(free_last_)->next_free) = index;
  free_last_ = index;
  --live_;
}

std::uint64_t Handles::secret() {
  std::uint64_t value = secret_.load(std::memory_order_relaxed);
  if (value != 0) return value;
  if (getrandom(&value, sizeof value, GRND_NONBLOCK) != static_cast<ssize_t>(sizeof value)) {
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    value = static_cast<std::uint64_t>(now) * 0x9e3779b97f4a7c15U ^ reinterpret_cast<std::uintptr_t>(this);
  }
  value = (value & sixty_three_bits) | 1;
  std::uint64_t expected = 0;
  return secret_.compare_exchange_strong(expected, value) ? value : expected;
}

}  // namespace ffi_cts::runtime
