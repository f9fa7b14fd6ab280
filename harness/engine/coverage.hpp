// What the programs of a run did: every call, by what it was and by what was going on when it entered. It tells whether
// the generator and the scenarios reach what the contract speaks of, and knows no rule.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/interface/interface.hpp"
#include "harness/trace/trace.hpp"

namespace ffi_cts {

enum class CallKind : std::uint8_t { create, request, listen, remove, reg, unregister, complete, destroy };
// The callback that the call was made in. A refusal's does not count as one.
enum class MadeIn : std::uint8_t { no_callback, constructor, reply, progress, event, host_function };
enum class OnThread : std::uint8_t { main, other, library };
// The life-cycle state of the context whose handle was passed, as far as the stamps tell. From the entry of a destroy
// that was not refused a context counts as closing, also where the library got to it later.
enum class LifeState : std::uint8_t { no_context, constructing, live, closing, destroyed };

// Where a call inside that callback was made; null: outside callbacks.
MadeIn place_of(const Callback* callback);

constexpr std::size_t call_kind_count = 8, made_in_count = 6, on_thread_count = 3, life_state_count = 5;

std::string_view to_string(CallKind kind);    // as programs say it: "create", "listen", "register", …
std::string_view to_string(MadeIn place);     // "no callback", "constructor", "reply", …
std::string_view to_string(OnThread thread);  // "main", "other", "library"
std::string_view to_string(LifeState state);  // "no context", "constructing", "live", …

struct CoverageCell {
  CallKind kind = CallKind::create;
  MadeIn place = MadeIn::no_callback;
  OnThread thread = OnThread::main;
  LifeState state = LifeState::no_context;
  auto operator<=>(const CoverageCell&) const = default;
};

class Coverage {
 public:
  // Adds the calls of a program's steps. The driver's own (its teardown, its answers to host calls) do not count.
  void count(const Trace& trace);
  std::uint64_t operator[](const CoverageCell& cell) const { return counts_[index(cell)]; }

 private:
  static std::size_t index(const CoverageCell& cell);

  std::array<std::uint64_t, call_kind_count * made_in_count * on_thread_count * life_state_count> counts_{};
};

// Every cell in turn, sorted; most of them cannot be.
template <typename Visit>
void for_each_cell(Visit&& visit) {
  for (std::size_t kind = 0; kind < call_kind_count; ++kind)
    for (std::size_t place = 0; place < made_in_count; ++place)
      for (std::size_t thread = 0; thread < on_thread_count; ++thread)
        for (std::size_t state = 0; state < life_state_count; ++state)
          visit(CoverageCell{static_cast<CallKind>(kind), static_cast<MadeIn>(place), static_cast<OnThread>(thread),
                             static_cast<LifeState>(state)});
}

// The cells that a full run must reach: the combinations that the contract speaks of and that the interface file makes
// possible. Sorted.
std::vector<CoverageCell> coverage_goals(const Interface& interface);
std::vector<CoverageCell> unreached(const Coverage& coverage, const std::vector<CoverageCell>& goals);

}  // namespace ffi_cts
