// Many contexts one after the other, and in a crowded process: END-12, END-14, END-15.
#include <algorithm>

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
    if ((of == &Census::heap && !contexts_alone) || !growth->each_adds(of, least) || growth->went(of)) continue;
    if (growth->rounds < enough_rounds) return undecidable(name + " grow (" + growth->words(of) + "), in too few rounds to tell");
    return breach("the number of " + name + " stays bounded over create and destroy",
                  growth->words(of) + ", each " + std::to_string(growth->rounds) + " contexts apart", growth->proof());
  }
  const bool enough = contexts_alone && growth->rounds >= enough_rounds;
  const std::string mapped = "bytes mapped outside of the heap: " + growth->words(&Census::mapped);
  if (enough && growth->piles_up(&Census::mapped, collected_heap))
    return breach("memory stays bounded over create and destroy", mapped + ", each " + std::to_string(growth->rounds) + " contexts apart", growth->proof());
  if (enough && growth->piles_up(&Census::mapped, least_bytes * trace.contexts.size()))
    return undecidable(mapped + ": lost, or a collector's that were not collected yet");
  return exercised_if(true);
}

namespace {

constexpr std::size_t enough_fresh = 3, enough_used = 6;  // contexts
constexpr std::uint64_t times_slower = 3, clear_ns = 5'000'000;

// From the call until the constructor called back; from a first request, made when nothing else was going on, until its answer.
struct FirstSteps {
  std::vector<std::uint64_t> making, answering;
};

void note(const Context& context, FirstSteps& out) {
  const Callback* constructor = context.constructor();
  if (!constructor || constructor->code != ret_ok || context.role != RoleName::create) return;
  out.making.push_back(constructor->entered_ns - context.create->entered_ns);
  const Request* first = context.requests.empty() ? nullptr : context.requests.front();
  const bool plain = first && (first->misuse == Misuse::none || first->misuse == Misuse::item) && first->accepted() && first->call->entered > constructor->entered;
  if (plain && undisturbed(*first)) out.answering.push_back(first->reply()->entered_ns - first->call->entered_ns);
}

// Even three in four of those on used places took much longer than all but the quickest of those on fresh ones.
std::optional<Verdict> slower(std::vector<std::uint64_t> fresh, std::vector<std::uint64_t> used, const std::string& what, const Trace& trace) {
  if (fresh.size() < enough_fresh || used.size() < enough_used) return std::nullopt;
  std::ranges::sort(fresh);
  std::ranges::sort(used);
  const std::uint64_t usual = fresh[fresh.size() / 4];
  const std::uint64_t most_take = used[used.size() / 4];
  if (most_take < times_slower * usual + clear_ns) return exercised_if(true);
  Verdict verdict = breach(what + " takes as long on a used place as on a fresh one: " + std::to_string(usual / 1'000) + " us",
                           "three in four take more than " + std::to_string(most_take / 1'000) + " us", {trace.contexts.back().create->entered});
  verdict.timing = true;
  return verdict;
}

}  // namespace

// END-15: a context on a place that was used before is made, and gives its first answer, as quickly as one on a fresh place.
// Fresh are those that a new process made before it destroyed any; the later half of all comes when each place has been used.
Verdict used_places_are_as_quick(const Trace& trace) {
  if (!trace.loading || !trace.completed()) return Verdict{};
  Stamp first_destroy = never;
  for (const Context& context : trace.contexts)
    for (const Call* destroy : context.destroys) first_destroy = std::min(first_destroy, destroy->entered);
  FirstSteps fresh, used;
  for (std::size_t i = 0; i < trace.contexts.size(); ++i) {
    const Context& context = trace.contexts[i];
    if (context.create->entered < first_destroy) note(context, fresh);
    else if (i >= trace.contexts.size() / 2) note(context, used);
  }
  const auto making = slower(fresh.making, used.making, "making a context", trace);
  const auto answering = slower(fresh.answering, used.answering, "a context's first request", trace);
  if (making && making->outcome == Outcome::breach) return *making;
  return answering ? *answering : making.value_or(Verdict{});
}

// END-14: the library works beside more than 1,024 open descriptors.
Verdict descriptors_disturb_nothing(const Trace& trace) {
  constexpr std::uint64_t select_takes = 1024;
  const bool many = std::ranges::any_of(trace.censuses, [](const Census& census) { return census.descriptors > select_takes; });
  return many ? works_as_ever(trace, "open descriptors") : Verdict{};
}

}  // namespace ffi_cts::rules
