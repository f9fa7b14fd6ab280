// The arguments of one native call as C values: structs as the header lays them out, and all that they point at.
#pragma once

#include <vector>

#include "harness/interface/native.hpp"

namespace ffi_cts::native {

// One block: the arguments one after the other, then what they point at. `pointers` are the places that hold an offset into the
// block, to be made an address once it is known where the block lies.
struct Arguments {
  Bytes block;
  std::vector<std::size_t> pointers;
  std::vector<std::size_t> places;  // of the arguments that libffi passes, in their order; bytes are two
  bool differs = false;             // it is not what NativeForm::plain gives
};

// `values`: the request map, by the keys of the parameters. A member that is missing or of another type counts as absent, or as
// zero where there must be one. A text ends at its first NUL.
Arguments arguments_of(const Signature& signature, const Value& values, NativeForm form);

// Turns the offsets into addresses, for a block that lies at `base` and is written at `to` (the two may be mappings of one memory).
// Call it once.
void settle(const Arguments& arguments, const void* base, std::uint8_t* to);

}  // namespace ffi_cts::native
