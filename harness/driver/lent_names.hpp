// Names are borrowed until the call returns (PAY-13). Each lies in pages of its own, which nobody may read afterwards:
// a library that kept the pointer faults at an address that tells which name it was.
#pragma once

#include <sys/mman.h>

#include <array>
#include <cstring>
#include <mutex>
#include <new>
#include <string>

#include "harness/trace/shared.hpp"

namespace ffi_cts {

class LentNames {
 public:
  LentNames() {
    void* memory = mmap(nullptr, places * place_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    memory_ = static_cast<char*>(memory);
  }
  ~LentNames() { munmap(memory_, places * place_bytes); }
  LentNames(const LentNames&) = delete;
  LentNames& operator=(const LentNames&) = delete;

  // A name as long as the loan lasts. One that is too long for a place, or that finds none free, lies in ordinary memory.
  class Loan {
   public:
    Loan(LentNames& names, const std::string& name) : names_(names), name_(name.c_str()) {
      if (name.size() + 1 > place_bytes) return;
      std::lock_guard lock(names.mutex_);
      for (std::size_t tries = 0; tries < places && number_ == places; ++tries)
        if (std::size_t next = names.next_++ % places; !names.taken_[next]) number_ = next;
      if (number_ == places) return;
      names.taken_[number_] = true;
      size_ = (name.size() + page) / page * page;
      place_ = names.memory_ + number_ * place_bytes;
      mprotect(place_, size_, PROT_READ | PROT_WRITE);
      std::memcpy(place_, name.c_str(), name.size() + 1);
      name_ = place_;
    }
    ~Loan() {
      if (!place_) return;
      mprotect(place_, size_, PROT_NONE);
      std::lock_guard lock(names_.mutex_);
      names_.taken_[number_] = false;
    }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    const char* c_str() const { return name_; }

   private:
    LentNames& names_;
    const char* name_;
    std::size_t number_ = places;
    char* place_ = nullptr;
    std::size_t size_ = 0;
  };

 private:
  // So many that a place is used again only long after its loan; one call may last while another thread makes thousands.
  static constexpr std::size_t places = 256, place_bytes = 20 * page;
  char* memory_;
  std::array<bool, places> taken_{};
  std::mutex mutex_;  // never held while the library runs
  std::size_t next_ = 0;
};

}  // namespace ffi_cts
