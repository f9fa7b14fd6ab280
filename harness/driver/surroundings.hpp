// What the process is like at one moment, from the kernel's lists and the C library. Facts only: what they mean, rules say.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "harness/trace/loading.hpp"

namespace ffi_cts {

// Signal dispositions, locale, and this thread's signal mask and floating-point mode.
std::map<std::string, std::string> settings_now();
std::vector<Descriptor> descriptors_now();
// All threads of the process but those.
std::vector<OtherThread> threads_now(const std::set<int>& hosts);

// Resident memory in bytes: of this moment, and the most since the kernel was last told to forget. Nothing: it does not tell, or a
// sanitizer's own memory is among it.
std::optional<Resident> resident_now();
// Has it forget. False: it cannot be had.
bool forget_most_resident();

std::uint64_t count_threads_now();
std::uint64_t count_descriptors_now();
struct Memory {
  // Bytes that the C library's allocator has given out, those of all its arenas; in a sanitizer's build what the sanitizer's has.
  std::uint64_t heap = 0;
  std::uint64_t mapped = 0;  // bytes that may be written and that allocator does not have: stacks, other allocators. 0: not known
};
Memory memory_now();

// Is that file mapped where `address` is?
bool mapped_at(const void* address, const std::string& file);

}  // namespace ffi_cts
