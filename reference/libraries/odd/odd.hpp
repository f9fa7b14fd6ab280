// odd: gives back what it got, for the tests of bindgen.
#pragma once

#include "odd_library.hpp"

#include <memory>

namespace odd_library {

class Odd : public OddBase {
 public:
  using OddBase::OddBase;
  static ffi_cts::runtime::Task<std::unique_ptr<Odd>> create(Context& context) { co_return std::make_unique<Odd>(context); }

  ffi_cts::runtime::Task<Tree> tree(Tree tree) { co_return tree; }
  ffi_cts::runtime::Task<Names> names(Names names) { co_return names; }
  ffi_cts::runtime::Task<Limits> limits(Limits limits) { co_return limits; }
  ffi_cts::runtime::Task<Task> task(Task task) {
    emit_on_task(task);
    co_return task;
  }
  ffi_cts::runtime::Task<std::vector<std::string>> list(std::vector<std::string> items, std::optional<std::string>) { co_return items; }
  ffi_cts::runtime::Task<cbor::Any> delete_(cbor::Any item) { co_return item; }
};

}  // namespace odd_library
