// Many contexts one after the other: END-12.
#include <algorithm>
#include <array>

#include "conformance/rules/common.hpp"

namespace ffi_cts::rules {
namespace {

constexpr std::size_t batches = 5;
constexpr std::size_t enough_rounds = 30;  // in a batch: no pool or cache that is still filling up grows through five of these
constexpr std::uint64_t least_growth = 2;  // of a batch; a thread that has ended may linger in the kernel's list

// Every context was destroyed, and each round made one.
bool cycles(const Trace& trace) {
  const auto gone = [](const Context& context) { return context.refused() || context.destroyed(); };
  const auto made = std::ranges::count_if(trace.contexts, [](const Context& context) { return context.handle != 0; });
  return std::ranges::all_of(trace.contexts, gone) && made >= std::ssize(trace.censuses);
}

// The first rounds are left out: what a process needs once is there after them.
std::vector<const Census*> between_batches(const Trace& trace) {
  std::vector<const Census*> out;
  const std::size_t rounds = (trace.censuses.size() - 1) / batches;
  const std::size_t first = trace.censuses.size() - 1 - rounds * batches;
  for (std::size_t i = 0; i <= batches; ++i) out.push_back(&trace.censuses[first + i * rounds]);
  return out;
}

bool grows(const std::vector<const Census*>& counts, std::uint64_t Census::*of) {
  return std::ranges::adjacent_find(counts, [&](const Census* before, const Census* after) {
           return after->*of < before->*of + least_growth;
         }) == counts.end();
}

}  // namespace

// END-12: over cycles of create and destroy threads and descriptors stay bounded.
Verdict resources_stay_bounded(const Trace& trace) {
  if (trace.censuses.size() < 2 * batches || !cycles(trace)) return exercised_if(false);
  const auto counts = between_batches(trace);
  const std::size_t rounds = (trace.censuses.size() - 1) / batches;
  for (const auto& [of, name] : {std::pair{&Census::threads, "threads"}, {&Census::descriptors, "descriptors"}}) {
    if (!grows(counts, of)) continue;
    std::string seen;
    for (const Census* count : counts) seen += (seen.empty() ? "" : ", ") + std::to_string(count->*of);
    if (rounds < enough_rounds) return undecidable(std::string(name) + " grow (" + seen + "), in too few rounds to tell");
    std::vector<Stamp> proof;
    for (const Census* count : counts) proof.push_back(count->at);
    return breach("the number of " + std::string(name) + " stays bounded over create and destroy",
                  seen + ", each " + std::to_string(rounds) + " contexts apart", std::move(proof));
  }
  return exercised_if(true);
}

}  // namespace ffi_cts::rules
