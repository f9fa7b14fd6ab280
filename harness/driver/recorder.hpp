// Writes records into the shared memory. Safe on any thread. Nothing here orders one thread's memory against another's:
// every atomic is relaxed (the flag of a finished record is a release that no thread of this process acquires), so a
// library's race stays visible to a race detector.
#pragma once

#include <atomic>
#include <cstring>
#include <ctime>

#include "harness/trace/shared.hpp"

namespace ffi_cts {

inline std::uint64_t now_ns() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<std::uint64_t>(t.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(t.tv_nsec);
}

// FNV-like over eight bytes at a time: cheap enough for payloads of a megabyte at every crossing.
inline std::uint64_t hash_bytes(const void* data, std::size_t size) {
  const auto* bytes = static_cast<const unsigned char*>(data);
  std::uint64_t h = 0xcbf29ce484222325u ^ size;
  for (; size >= 8; size -= 8, bytes += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes, 8);
    h = (h ^ word) * 0x9e3779b97f4a7c15u;
    h ^= h >> 29;
  }
  for (; size; --size, ++bytes) h = (h ^ *bytes) * 0x100000001b3u;
  return h;
}

class Recorder {
 public:
  static constexpr std::uint64_t none = ~std::uint64_t{0};

  explicit Recorder(Shared* shared) : shared_(shared) {}

  // Begins a new program in that slot: what an earlier one left there is cleared.
  void begin(std::uint32_t slot) {
    Slot& s = shared_->slots[slot];
    Record* records = records_of(shared_, s);
    std::uint64_t used = std::min(s.next.load(std::memory_order_relaxed), record_capacity);
    for (std::uint64_t i = 0; i < used; ++i) records[i].written = 0;
    s.next.store(0, std::memory_order_relaxed);
    s.arena_next.store(0, std::memory_order_relaxed);
    shared_->current.store(slot, std::memory_order_relaxed);
  }

  // Takes the next stamp; `fill` sets the record's fields. Returns the stamp (beyond the capacity nothing is kept).
  template <typename Fill>
  std::uint64_t add(RecordKind kind, std::uint32_t thread, Fill&& fill) {
    Slot& s = slot();
    std::uint64_t stamp = s.next.fetch_add(1, std::memory_order_relaxed);
    if (stamp >= record_capacity) return stamp;
    Record& r = records_of(shared_, s)[stamp];
    r.kind = kind;
    r.export_ = Export::none;
    r.entry = Entry::none;
    r.thread = thread;
    r.step = 0;
    r.partner = none;
    r.clock_ns = now_ns();
    r.context = r.object = -1;
    r.handle = r.id = r.user_data = r.pointer = r.size = r.kept = r.offset = r.hash = 0;
    r.result = 0;
    r.first = 0;
    fill(r);
    std::atomic_ref(r.written).store(1, std::memory_order_release);
    return stamp;
  }

  // Copies a payload into the arena and notes it in the record of that stamp, which is already written: if reading
  // the bytes crashes, the crossing itself is not lost.
  void keep(std::uint64_t stamp, const void* data, std::size_t size) {
    if (stamp >= record_capacity || !data || size == 0) return;
    Slot& s = slot();
    Record& r = records_of(shared_, s)[stamp];
    std::uint64_t offset = s.arena_next.fetch_add(size, std::memory_order_relaxed);
    if (offset < arena_capacity && size <= arena_capacity - offset) {
      std::memcpy(arena_of(shared_, s) + offset, data, size);
      r.offset = offset;
      r.hash = hash_bytes(data, size);
      r.kept = size;
    } else {
      r.hash = hash_bytes(data, size);
    }
  }

  // What a native callback delivered, in place of the bytes that it passed: as CBOR, or the words for what is wrong with it.
  void keep_read(std::uint64_t stamp, const Bytes& bytes, std::uint32_t marks) {
    if (stamp >= record_capacity) return;
    Record& r = records_of(shared_, slot())[stamp];
    r.first |= marks;
    r.size = bytes.size();
    keep(stamp, bytes.data(), bytes.size());
  }

  Slot& slot() { return shared_->slots[shared_->current.load(std::memory_order_relaxed)]; }
  Shared* shared() { return shared_; }

 private:
  Shared* shared_;
};

}  // namespace ffi_cts
