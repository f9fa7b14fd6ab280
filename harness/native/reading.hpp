// What a native callback delivers, as a value. Pointers are followed without trusting them.
#pragma once

#include <string>

#include "harness/interface/native.hpp"

namespace ffi_cts::native {

struct Read {
  Value value;
  std::string fault;        // what is wrong with the delivery: "len is 8, and sizeof(EchoResponse) is 16"; empty: nothing
  bool misaligned = false;  // the struct or scalar does not lie as its type must
};

// The RET_OK message of a proc that returns this type (null: no value). A text and a byte string are the message itself. An
// absent optional reads as null or as no member at all, as the schema has it.
Read read_reply(const Type* returns, const void* msg, std::size_t len);

}  // namespace ffi_cts::native
