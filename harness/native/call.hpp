// A native export as libffi calls it.
#pragma once

#include <ffi.h>
#include <ffi_cts/abi.h>

#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "harness/native/arguments.hpp"

namespace ffi_cts::native {

// The C types of the structs of one view, for libffi. Lives as long as the calls made with it.
class Types {
 public:
  ffi_type* of(const Type& type);

 private:
  struct Made {
    ffi_type type{};
    std::vector<ffi_type*> members;
  };
  ffi_type* structure(const Struct& structure);
  std::deque<Made> made_;
  std::map<const Struct*, ffi_type*> known_;
};

// One export: `void *create(params…, FFICallBack, void *)`, `int proc(void *ctx, FFICallBack, void *, params…)`, or the latter without ctx.
class Call {
 public:
  enum class Shape : std::uint8_t { constructor, proc, without_context };

  // Throws std::runtime_error when libffi cannot describe it.
  Call(Types& types, const Signature& signature, Shape shape);
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  const Signature& signature() const { return signature_; }

  void* create(void* function, const Arguments& arguments, const std::uint8_t* block, FFICallBack callback, void* user_data) const;
  int submit(void* function, void* ctx, FFICallBack callback, void* user_data, const Arguments& arguments, const std::uint8_t* block) const;

 private:
  std::uint64_t call(void* function, void* ctx, FFICallBack callback, void* user_data, const Arguments& arguments, const std::uint8_t* block) const;

  const Signature& signature_;
  Shape shape_;
  std::vector<ffi_type*> types_;
  mutable ffi_cif cif_{};  // libffi takes it without const, and only reads it
};

}  // namespace ffi_cts::native
