// Hostile CBOR: requests that a decoder must answer like any other, in time and memory that depend on what was sent and not on
// what it claims (PAY-12).
#pragma once

#include <span>
#include <string_view>

#include "harness/value/value.hpp"

namespace ffi_cts {

// In hexadecimal digits, with blanks for the eye; (…)*N stands for N times what is in the parentheses.
struct HostileForm {
  std::string_view bytes, what;
};
std::span<const HostileForm> hostile_forms();

// After the forms come truncations: so many beginnings of a valid request, each a byte longer than the one before.
constexpr std::size_t truncations = 64;
std::size_t hostile_count();

Bytes bytes_of(const HostileForm& form);

// The request of that number, modulo how many there are. `valid`: what a truncation is the beginning of (of one that is too short
// for its number, as much as the remainder tells); in every second round through the numbers what stands under the key "x", which
// nobody asks for, stands under its first key instead, unless it is a number.
Bytes hostile_bytes(std::size_t number, const Bytes& valid);

}  // namespace ffi_cts
