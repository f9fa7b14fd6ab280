// A judge reads one trace and says whether it keeps one rule. Judges see nothing but the trace.
#pragma once

#include <ffi_cts/rule_table.hpp>
#include <span>
#include <vector>

#include "harness/trace/judge.hpp"

namespace ffi_cts::rules {

using ffi_cts::Judge;

std::span<const Judge> loading();   // chapter 1
std::span<const Judge> requests();  // chapter 2
std::span<const Judge> payloads();  // chapter 3
std::span<const Judge> native_calls();  // chapter 4
std::span<const Judge> events();    // chapter 5
std::span<const Judge> host_calls();  // chapter 6
std::span<const Judge> threads();   // chapter 7
std::span<const Judge> teardown();  // chapter 8

// All of them, in the order of the chapters.
std::span<const Judge> all();

}  // namespace ffi_cts::rules
