// What a create or request step passes: CBOR bytes or C values, lent to the library as long as this lives.
#pragma once

#include <algorithm>
#include <optional>

#include "harness/driver/lent.hpp"
#include "harness/driver/library.hpp"
#include "harness/native/calls.hpp"
#include "harness/program/payload.hpp"
#include "harness/trace/record.hpp"

namespace ffi_cts {

inline std::uint64_t bits(const void* pointer) { return reinterpret_cast<std::uint64_t>(pointer); }

// What is passed as a request: where its bytes are, or where a misuse says that they are.
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

// For the record of the call: how many they are, where, and whether they are guarded there.
inline void note_bytes(Record& r, const Passed& passed, const Lent::Loan& lent) {
  r.pointer = bits(passed.data);
  if (passed.data && lent.guarded()) r.first |= guarded;
  r.size = passed.data ? passed.size : 0;
}

// The exports of the library that submissions go to.
struct Exports {
  const Interface& interface;
  const Library& library;
  const native::Calls& native;

  // Is the variant that this step calls there?
  bool has(const Step& step) const;
  // The native call of this step; null: it calls the CBOR variant.
  const native::Call* native_call(const Step& step) const;
};

class Submission {
 public:
  // Of a step whose variant is there. All references outlive the submission.
  Submission(Lent& lent, const Exports& exports, const Step& step, const Arguments& arguments);

  // For the record of the call: how many bytes, and where, if they are guarded there. Of a native call: the block of what its
  // arguments point at, themselves included.
  void note(Record& r) const {
    note_bytes(r, passed_, *loan_);
    if (native_ && !values_.differs) r.first |= plain_form;
  }
  // The request as CBOR, of native calls too.
  ByteView kept() const { return passed_.data || native_ ? ByteView(bytes_) : ByteView(); }

  void* create(FFICallBack callback, void* user_data) const;
  int submit(void* ctx, FFICallBack callback, void* user_data) const;

 private:
  const Exports& exports_;
  const Step& step_;
  const native::Call* native_;
  Bytes bytes_;
  native::Arguments values_;
  std::optional<Lent::Loan> loan_;
  Passed passed_{};
};

}  // namespace ffi_cts
