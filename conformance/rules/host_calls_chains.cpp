// Chains of requests: HST-19.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "conformance/rules/host_calls.hpp"

namespace ffi_cts::rules {

namespace {

constexpr std::size_t long_enough = 4000;    // for a stack of the usual size to grow by a good part of itself
constexpr std::size_t enough_to_crash = 64;  // for a small one to end

using Chain = std::vector<const Callback*>;

// The chains of answers on one thread, each of which submitted the next request, that have so many links.
std::vector<Chain> chains_of(const Trace& trace, std::size_t least) {
  std::unordered_map<const Callback*, std::size_t> links;
  std::unordered_set<const Callback*> extended;
  const auto before = [](const Callback& answer) -> const Callback* {
    const Callback* outer = answer.request->call->inside;
    return outer && outer->request && outer->request != answer.request && outer->thread == answer.thread ? outer
                                                                                                         : nullptr;
  };
  for (const Request& request : trace.requests) {
    const Callback* answer = request.reply();
    if (!answer || answer->refusal) continue;
    const Callback* outer = before(*answer);
    links[answer] = outer ? links[outer] + 1 : 1;
    if (outer) extended.insert(outer);
  }
  std::vector<Chain> out;
  for (const auto& [end, count] : links) {
    if (count < least || extended.contains(end)) continue;
    Chain& chain = out.emplace_back();
    for (const Callback* answer = end; answer; answer = before(*answer)) chain.push_back(answer);
    std::ranges::reverse(chain);
  }
  return out;
}

// More of the stack was in use in each quarter of the chain than ever in the one before.
bool grows(const Chain& chain) {
  constexpr std::size_t parts = 4, least_a_link = 16;
  const std::size_t length = chain.size() / parts;
  std::uint64_t most_before = 0;
  for (std::size_t part = 0; part < parts; ++part) {
    std::uint64_t least = never, most = 0;
    for (std::size_t i = part * length; i < (part + 1) * length; ++i) {
      if (chain[i]->stack_used == 0) return false;  // not known
      least = std::min(least, chain[i]->stack_used);
      most = std::max(most, chain[i]->stack_used);
    }
    if (part > 0 && least <= most_before) return false;
    if (most - least < least_a_link * (length - 1)) return false;
    most_before = most;
  }
  return true;
}

}  // namespace

// HST-19: chained inline completions, and submissions each made in the callback before, do not grow the stack. Where it
// grows from link to link, it is only a question of how many it takes.
Verdict chains_do_not_grow_the_stack(const Trace& trace) {
  const bool crashed = trace.ending.kind == EndKind::crashed;
  const auto chains = chains_of(trace, crashed ? enough_to_crash : long_enough);
  for (const Chain& chain : chains) {
    if (!grows(chain)) continue;
    const std::string expected = "a chain of " + std::to_string(chain.size()) + " requests leaves the stack as it is";
    const std::string seen = "from " + std::to_string(chain.front()->stack_used) + " to " +
                             std::to_string(chain.back()->stack_used) + " bytes in use";
    const std::vector<Stamp> proof = {chain.front()->entered, chain.back()->entered};
    if (!crashed) return breach(expected, seen, proof);
    return breach_by_ending(expected, seen + ", then " + how_it_ended(trace, nullptr), proof);
  }
  return exercised_if(!crashed && !chains.empty());
}

}  // namespace ffi_cts::rules
