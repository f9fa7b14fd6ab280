// Many contexts one after the other: END-12.
#include "conformance/rules/growth.hpp"

namespace ffi_cts::rules {
namespace {

constexpr std::size_t enough_rounds = 30;  // in a batch: no pool or cache that is still filling up grows through five of these
constexpr std::uint64_t least_growth = 2;  // of a batch; a thread that has ended may linger in the kernel's list
constexpr std::uint64_t least_bytes = 8;   // of the heap, for each context

}  // namespace

// END-12: over cycles of create and destroy threads, descriptors and memory stay bounded.
Verdict resources_stay_bounded(const Trace& trace) {
  const auto growth = growth_of(trace);
  if (!growth) return Verdict{};
  struct Counted {
    std::uint64_t Census::*of;
    std::uint64_t least;
    std::string name;
  };
  // What requests lose is lost by them.
  const bool contexts_alone = trace.requests.empty();
  const std::vector<Counted> all = {{&Census::threads, least_growth, "threads"},
                                    {&Census::descriptors, least_growth, "descriptors"},
                                    {&Census::heap, least_bytes * growth->rounds + heap_noise, "bytes of the heap"}};
  for (const auto& [of, least, name] : all) {
    if ((of == &Census::heap && !contexts_alone) || !growth->each_adds(of, least)) continue;
    if (growth->rounds < enough_rounds) return undecidable(name + " grow (" + growth->words(of) + "), in too few rounds to tell");
    return breach("the number of " + name + " stays bounded over create and destroy",
                  growth->words(of) + ", each " + std::to_string(growth->rounds) + " contexts apart", growth->proof());
  }
  return exercised_if(true);
}

}  // namespace ffi_cts::rules
