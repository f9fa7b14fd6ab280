// The judges of peers: chapters 9 and 10.
#pragma once

#include <span>

#include "harness/conversation/judge.hpp"

namespace ffi_cts::peer::rules {

std::span<const Judge> wire();    // chapter 9
std::span<const Judge> remote();  // chapter 10
std::span<const Judge> peers();   // both, in the order of the chapters

}  // namespace ffi_cts::peer::rules
