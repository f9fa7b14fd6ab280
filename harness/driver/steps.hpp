// What the steps that call the library have in common.
#pragma once

#include "harness/driver/driver.hpp"

namespace ffi_cts {

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
