#include "conformance/rules/growth.hpp"

#include <algorithm>

namespace ffi_cts::rules {
namespace {

constexpr std::size_t batches = 5;
constexpr std::size_t enough_requests = 1'500;  // in a batch
constexpr std::uint64_t mapped_noise = 128 * 1024;

// Every context was destroyed, and each round made one.
bool cycles(const Trace& trace) {
  const auto gone = [](const Context& context) { return context.refused() || context.destroyed(); };
  const auto made = std::ranges::count_if(trace.contexts, [](const Context& context) { return context.handle != 0; });
  return std::ranges::all_of(trace.contexts, gone) && made >= std::ssize(trace.censuses);
}

}  // namespace

bool Growth::each_adds(std::uint64_t Census::*of, std::uint64_t least) const {
  return std::ranges::adjacent_find(at, [&](const Census* before, const Census* after) { return after->*of < before->*of + least; }) == at.end();
}

bool Growth::went(std::uint64_t Census::*of) const {
  return last_look && 2 * (last_look->*of) < at.front()->*of + at.back()->*of;
}

bool Growth::piles_up(std::uint64_t Census::*of, std::uint64_t least) const {
  std::size_t growing = 0;
  for (std::size_t i = 1; i < at.size(); ++i) {
    if (at[i]->*of < at[i - 1]->*of) return false;
    growing += at[i]->*of > at[i - 1]->*of;
  }
  return growing + 1 >= batches && at.back()->*of - at.front()->*of >= std::max(least, mapped_noise);
}

std::string Growth::words(std::uint64_t Census::*of) const {
  std::string out;
  for (const Census* count : at) out += (out.empty() ? "" : ", ") + std::to_string(count->*of);
  return out;
}

std::vector<Stamp> Growth::proof() const {
  std::vector<Stamp> out;
  for (const Census* count : at) out.push_back(count->at);
  return out;
}

// The first rounds are left out: what a process needs once is there after them.
std::optional<Growth> growth_of(const Trace& trace) {
  if (trace.censuses.size() < 2 * batches || !cycles(trace)) return std::nullopt;
  Growth out;
  out.rounds = (trace.censuses.size() - 1) / batches;
  const std::size_t first = trace.censuses.size() - 1 - out.rounds * batches;
  if (trace.last_look) out.last_look = &*trace.last_look;
  for (std::size_t i = 0; i <= batches; ++i) out.at.push_back(&trace.censuses[first + i * out.rounds]);
  return out;
}

Verdict heap_stays_bounded(const Trace& trace, bool (*each_of)(const Request&), const std::string& expected) {
  const auto growth = growth_of(trace);
  if (!growth || trace.requests.empty() || growth->at.front()->heap == 0) return Verdict{};
  if (!std::ranges::all_of(trace.requests, each_of)) return Verdict{};
  const std::uint64_t requests = trace.requests.size() * growth->rounds / trace.censuses.size();
  const bool many = requests >= enough_requests, heap = many && growth->each_adds(&Census::heap, requests + heap_noise);
  const std::string mapped = "bytes mapped outside of the heap: " + growth->words(&Census::mapped);
  if (heap || growth->piles_up(&Census::mapped, collected_heap))
    return breach(expected, (heap ? "bytes in use: " + growth->words(&Census::heap) : mapped) + ", each " + std::to_string(requests) + " requests apart", growth->proof());
  if (many && growth->piles_up(&Census::mapped, batches * requests)) return undecidable(mapped + ": lost, or a collector's that were not collected yet");
  return exercised_if(many);
}

}  // namespace ffi_cts::rules
