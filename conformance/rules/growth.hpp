// What grows over the rounds of a program: counts of the kernel and the C library, compared in five equal batches. Pools and
// caches fill up and stop; what adds to each batch is lost.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/rules/common.hpp"

namespace ffi_cts::rules {

// Of a batch: the allocator's caches of single threads count as in use, and fill up slowly.
constexpr std::uint64_t heap_noise = 16 * 1024;
// Outside of the C library's heap: that of a garbage collector grows until it is first collected.
constexpr std::uint64_t collected_heap = 32u << 20;

struct Growth {
  std::size_t rounds = 0;          // of a batch
  std::vector<const Census*> at;   // six, the batches between them
  const Census* last_look = nullptr;

  bool each_adds(std::uint64_t Census::*of, std::uint64_t least) const;
  // At the last look, later, at least half of what had been added was gone again.
  bool went(std::uint64_t Census::*of) const;
  // Memory that is taken in large pieces: all batches but one add some, none gives any back, and all add `least` and more than noise.
  bool piles_up(std::uint64_t Census::*of, std::uint64_t least) const;
  std::string words(std::uint64_t Census::*of) const;  // "10, 14, 18, 22, 26, 30"
  std::vector<Stamp> proof() const;
};

// Of a program of rounds each of which made contexts and destroyed them all. Nothing: it was none, or of too few rounds.
std::optional<Growth> growth_of(const Trace& trace);

// The heap of a program in which each batch made at least so many requests of the kind. `each_of`: a request that the rule is about;
// another one makes the growth no matter of the rule. Memory is lost when each batch adds a byte for each of its
// requests, and more than noise; of what is mapped outside of the heap, where pieces are larger, all batches but one.
Verdict heap_stays_bounded(const Trace& trace, bool (*each_of)(const Request&), const std::string& expected);

}  // namespace ffi_cts::rules
