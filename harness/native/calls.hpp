// All native exports of one interface, ready to be called.
#pragma once

#include "harness/native/call.hpp"

namespace ffi_cts::native {

// The interface must outlive it. Throws std::runtime_error when libffi cannot describe a call.
class Calls {
 public:
  explicit Calls(const Interface& interface) : view_(interface), procs_(interface.procs.size()) {
    if (const Signature* signature = view_.constructor()) constructor_ = std::make_unique<Call>(types_, *signature, Call::Shape::constructor);
    for (std::size_t i = 0; i < procs_.size(); ++i) {
      const auto shape = interface.procs[i].context ? Call::Shape::proc : Call::Shape::without_context;
      if (const Signature* signature = view_.proc(i)) procs_[i] = std::make_unique<Call>(types_, *signature, shape);
    }
  }

  // Null: it has no native variant.
  const Call* constructor() const { return constructor_.get(); }
  const Call* proc(std::size_t index) const { return procs_[index].get(); }

 private:
  View view_;
  Types types_;
  std::unique_ptr<Call> constructor_;
  std::vector<std::unique_ptr<Call>> procs_;
};

}  // namespace ffi_cts::native
