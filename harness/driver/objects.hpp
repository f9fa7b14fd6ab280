// What a program has made so far in this run. Tables of fixed places: instances are taken by a relaxed counter and never
// move, so that any thread may look at them. All fields that change are relaxed atomics: see recorder.hpp.
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <new>
#include <vector>

#include "harness/program/program.hpp"

namespace ffi_cts {

template <typename T>
struct Relaxed {
  std::atomic<T> value{};
  Relaxed& operator=(T v) {
    value.store(v, std::memory_order_relaxed);
    return *this;
  }
  operator T() const { return value.load(std::memory_order_relaxed); }
  T operator++(int) { return value.fetch_add(1, std::memory_order_relaxed); }
  T operator--(int) { return value.fetch_sub(1, std::memory_order_relaxed); }
};

// A table whose places are zeroed pages until used.
template <typename T, std::uint32_t Capacity>
class Table {
 public:
  static constexpr std::uint32_t capacity = Capacity;
  Table() {
    void* memory = mmap(nullptr, sizeof(T) * Capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    items_ = static_cast<T*>(memory);
  }
  // The next place's number, or -1 when the table is full.
  int take() {
    std::uint32_t n = size_++;
    if (n >= Capacity) return -1;
    return static_cast<int>(n);
  }
  std::uint32_t size() const { return std::min(static_cast<std::uint32_t>(size_), Capacity); }
  T& operator[](int i) { return items_[i]; }
  void clear() {
    for (std::uint32_t i = 0; i < size(); ++i) new (&items_[i]) T();
    size_ = 0;
  }

 private:
  T* items_;
  Relaxed<std::uint32_t> size_;
};

// One name of the program (c1, r1, …): which instances its step has made in this run.
struct Definition {
  const Step* step = nullptr;
  bool nested = false;                  // defined inside a callback: nobody waits for it
  std::vector<Relaxed<int>> made;       // 1 + instance, by the order made; beyond the capacity the last place is used again
  Relaxed<std::uint32_t> count{};
  Relaxed<bool> settled{};              // its step is over or was skipped
};

struct ContextState {
  Relaxed<void*> handle{};
  Relaxed<bool> returned{};        // create has returned
  Relaxed<bool> constructed{};     // its callback has been entered
  Relaxed<bool> destroyed{};       // a destroy returned RET_OK
  Relaxed<int> destroys_returned{};
  Relaxed<int> creator{};          // 1 + the host thread that made it, if that one lives longer than the program
  Relaxed<const Step*> step{};
  Relaxed<std::uint64_t> patience_ns{};  // until then its constructor is waited for; 0: for as long as it takes
};

struct RequestState {
  Relaxed<int> context{};
  Relaxed<bool> returned{}, refused{}, answered{};
  Relaxed<std::uint64_t> patience_ns{};  // as a context's
};

struct ListenerState {
  Relaxed<int> context{};
  Relaxed<std::uint64_t> id{};
  Relaxed<bool> returned{};
  Relaxed<std::uint32_t> heard{};
  Relaxed<int> trampoline{};
};

struct HostFunctionState {
  Relaxed<int> context{};
  Relaxed<bool> returned{};
  Relaxed<std::uint32_t> calls{};
  Relaxed<const Step*> step{};
};

struct HostCallState {
  Relaxed<std::uint64_t> id{};
  Relaxed<int> host_function{}, index{};
  Relaxed<bool> ready{}, left{}, completed{};  // left: the host function's own run is over
};

struct Objects {
  Table<ContextState, 4096> contexts;
  Table<RequestState, 1u << 17> requests;
  Table<ListenerState, 1u << 15> listeners;
  Table<HostFunctionState, 4096> host_functions;
  Table<HostCallState, 1u << 17> host_calls;
  void clear() {
    contexts.clear();
    requests.clear();
    listeners.clear();
    host_functions.clear();
    host_calls.clear();
  }
};

}  // namespace ffi_cts
