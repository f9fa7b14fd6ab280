#include "harness/report/coverage.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ffi_cts {
namespace {

constexpr std::size_t name_width = 24, least_width = 9;

std::string heading(MadeIn place, OnThread thread) {
  std::string where =
      place == MadeIn::no_callback ? std::string("outside callbacks") : fmt::format("inside {}", to_string(place));
  return fmt::format("{}, {} thread", where, to_string(thread));
}

std::size_t width_of(LifeState state) {
  return std::max(least_width, to_string(state).size());
}

class Table {
 public:
  explicit Table(const Result& result) : result_(result) {}

  std::string text() const {
    std::string out = fmt::format("{:<{}}", "coverage: calls made", name_width);
    for_each_state([&](LifeState state) { out += fmt::format("  {:>{}}", to_string(state), width_of(state)); });
    out += '\n';
    for (std::size_t place = 0; place < made_in_count; ++place)
      for (std::size_t thread = 0; thread < on_thread_count; ++thread)
        out += block(static_cast<MadeIn>(place), static_cast<OnThread>(thread));
    return out;
  }

 private:
  template <typename Visit>
  static void for_each_state(Visit&& visit) {
    for (std::size_t state = 0; state < life_state_count; ++state) visit(static_cast<LifeState>(state));
  }

  bool is_goal(const CoverageCell& cell) const {
    return std::binary_search(result_.goals.begin(), result_.goals.end(), cell);
  }

  std::string block(MadeIn place, OnThread thread) const {
    std::string rows;
    for (std::size_t kind = 0; kind < call_kind_count; ++kind) {
      CoverageCell cell{static_cast<CallKind>(kind), place, thread, LifeState::no_context};
      rows += row(cell);
    }
    return rows.empty() ? "" : heading(place, thread) + '\n' + rows;
  }

  // Empty where nothing was made and nothing is due.
  std::string row(CoverageCell cell) const {
    std::string out = fmt::format("  {:<{}}", to_string(cell.kind), name_width - 2);
    bool any = false;
    for_each_state([&](LifeState state) {
      cell.state = state;
      std::uint64_t count = result_.coverage[cell];
      bool due = is_goal(cell);
      any = any || due || count;
      std::string text = count ? fmt::format("{}", count) : due ? "0!" : ".";
      out += fmt::format("  {:>{}}", text, width_of(state));
    });
    return any ? out + '\n' : "";
  }

  const Result& result_;
};

}  // namespace

std::string in_words(const CoverageCell& cell) {
  std::string place = cell.place == MadeIn::no_callback ? std::string("outside callbacks")
                                                        : fmt::format("inside {}", to_string(cell.place));
  std::string context = cell.state == LifeState::no_context ? "" : fmt::format(", context {}", to_string(cell.state));
  return fmt::format("{} {}, {} thread{}", to_string(cell.kind), place, to_string(cell.thread), context);
}

std::string coverage_table(const Result& result) {
  std::string out = Table(result).text();
  auto missing = unreached(result.coverage, result.goals);
  out += fmt::format("goals: {} of {} reached\n", result.goals.size() - missing.size(), result.goals.size());
  for (const CoverageCell& cell : missing) out += fmt::format("  not reached  {}\n", in_words(cell));
  return out;
}

}  // namespace ffi_cts
