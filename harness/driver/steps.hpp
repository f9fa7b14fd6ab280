// What the steps that call the library have in common.
#pragma once

#include <algorithm>

#include "harness/driver/driver.hpp"

namespace ffi_cts {

inline std::uint64_t bits(const void* pointer) { return reinterpret_cast<std::uint64_t>(pointer); }

// The bytes of a call and the pointer that goes with them.
struct Passed {
  const std::uint8_t* data;
  std::size_t size;
};

inline Passed passed(const Lent::Loan& lent, std::size_t size, Misuse misuse) {
  static const std::uint8_t nothing = 0;
  if (misuse == Misuse::null_payload) return {nullptr, std::max<std::size_t>(size, 1)};
  if (misuse == Misuse::empty_payload) return {nullptr, 0};
  return {size == 0 ? &nothing : reinterpret_cast<const std::uint8_t*>(lent.data()), size};
}

// For the record of the call: how many they are, and where, if they are guarded there.
inline void note_bytes(Record& r, const Passed& passed, const Lent::Loan& lent) {
  if (passed.data && lent.guarded()) r.pointer = bits(passed.data);
  r.size = passed.data ? passed.size : 0;
}

// While a call of the library runs inside a callback.
class Driver::InsideCall {
 public:
  InsideCall(Driver& driver, Where where) : count_(where.in_callback ? &driver.calls_inside_ : nullptr) {
    if (count_) (*count_)++;
  }
  ~InsideCall() {
    if (count_) (*count_)--;
  }
  InsideCall(const InsideCall&) = delete;
  InsideCall& operator=(const InsideCall&) = delete;

 private:
  Relaxed<int>* count_;
};

}  // namespace ffi_cts
