// Items of a type, and items that are just not of it, made from a size and a seed: programs carry these two numbers.
#pragma once

#include "harness/schema/schema.hpp"

namespace ffi_cts::schema {

// An item of the type. The smaller the size, the smaller it is: of size 0 texts and lists are as short as they may be, numbers
// are 0 or as near to it as they may be, and what is optional is left out. Types that hold themselves end after a few levels.
// Numbers are no larger than the size (or than their range leaves room for): what a library does with one is not known, and one
// that stands for a time or for how many events there are to be would keep it busy for years. So the shapes of types are tried
// out, not the magnitudes of numbers.
Value item_of(const Schema& schema, const Type& type, std::uint32_t size, std::uint32_t seed);

// That item with one thing wrong, for certain: a value of another type, a key that is missing or too many, a text that is none of a
// choice's, a number or a length outside its range. Nothing: nothing can be wrong about the type (any).
std::optional<Value> near_miss_of(const Schema& schema, const Type& type, std::uint32_t size, std::uint32_t seed);

}  // namespace ffi_cts::schema
