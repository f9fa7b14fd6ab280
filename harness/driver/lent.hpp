// What the host passes is borrowed until the call returns (PAY-1, PAY-13, HST-13), and only to be read (PAY-2). The bytes of a
// call lie in pages of their own, which never can be written to and are closed when the call returns. A library that keeps the
// pointer faults at an address that tells whose bytes it touched, and so does one that writes to them.
//
// The pages are mapped twice: the host fills them through the other mapping. Closing them costs a call of the kernel each time,
// so of a long program only a part of the requests in CBOR and of the completions gets such pages; the trace tells which. Nothing here orders
// memory between threads (recorder.hpp says why): places are taken by relaxed atomics, and the copy is hidden from race detectors.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <new>

#include "harness/trace/shared.hpp"

namespace ffi_cts {

class Lent {
 public:
  Lent() {
    const int file = memfd_create("ffi-cts lent", MFD_CLOEXEC);
    if (file < 0 || ftruncate(file, static_cast<off_t>(places * place_bytes)) != 0) throw std::bad_alloc();
    fill_ = map(file, PROT_READ | PROT_WRITE);
    view_ = map(file, PROT_NONE);
    close(file);
  }
  ~Lent() {
    munmap(fill_, places * place_bytes);
    munmap(view_, places * place_bytes);
  }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;

  // A new program: its first calls are chosen.
  void begin() { calls_.store(0, std::memory_order_relaxed); }

  // Is the next request or completion one of those that are guarded?
  bool choose() {
    const std::uint32_t call = calls_.fetch_add(1, std::memory_order_relaxed);
    return call < first_calls || call % every == 0;
  }

  // Bytes as long as the loan lasts. What is not to be guarded, is too long for a place or finds none free lies where it did.
  class Loan {
   public:
    Loan(Lent& lent, const void* bytes, std::size_t size, bool guard) : Loan(lent, size, guard) { lend(bytes); }

    // In two steps, for bytes that depend on where they will lie: with a guard they lie at data().
    Loan(Lent& lent, std::size_t size, bool guard) : lent_(lent), size_(size) {
      if (!guard || size == 0 || size > place_bytes) return;
      number_ = lent.take();
      if (number_ == places) return;
      length_ = (size + page - 1) / page * page;
      pages_ = lent.view_ + end() - length_;
      data_ = lent.view_ + end() - size;
    }
    void lend(const void* bytes) {
      if (!pages_) {
        data_ = static_cast<const char*>(bytes);
        return;
      }
      copy(lent_.fill_ + end() - size_, static_cast<const char*>(bytes), size_);
      mprotect(pages_, length_, PROT_READ);
    }
    ~Loan() {
      if (!pages_) return;
      mprotect(pages_, length_, PROT_NONE);
      lent_.taken_[number_].store(false, std::memory_order_relaxed);
    }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;

    const char* data() const { return data_; }
    bool guarded() const { return pages_ != nullptr; }

   private:
    std::size_t end() const { return (number_ + 1) * place_bytes; }

    Lent& lent_;
    const char* data_ = nullptr;
    std::size_t size_;
    std::size_t number_ = places;
    char* pages_ = nullptr;
    std::size_t length_ = 0;
  };

 private:
  // So many that a place is used again only long after its loan; one call may last while another thread makes thousands.
  static constexpr std::size_t places = 256, place_bytes = 20 * page;
  static constexpr std::uint32_t first_calls = 2, every = 16;   // of a program: those that are chosen, then one in so many

  static char* map(int file, int protection) {
    void* memory = mmap(nullptr, places * place_bytes, protection, MAP_SHARED, file, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    return static_cast<char*>(memory);
  }

  std::size_t take() {
    for (std::size_t tries = 0; tries < places; ++tries) {
      const std::size_t number = next_.fetch_add(1, std::memory_order_relaxed) % places;
      if (!taken_[number].exchange(true, std::memory_order_relaxed)) return number;
    }
    return places;
  }

  // Places go from thread to thread without any order that a race detector could see.
  static void copy(char* to, const char* from, std::size_t size) {
#ifdef __x86_64__
    asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
#else
    for (auto* out = reinterpret_cast<volatile char*>(to); size; --size) *out++ = *from++;
#endif
  }

  char *fill_, *view_;
  std::array<std::atomic<bool>, places> taken_{};
  std::atomic<std::size_t> next_{};
  std::atomic<std::uint32_t> calls_{};
};

}  // namespace ffi_cts
