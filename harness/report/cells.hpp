// --coverage: the tables whose cells are scenarios.
#pragma once

#include <string>

#include "harness/engine/result.hpp"

namespace ffi_cts {

// One table after the other. A cell says "ok" when what it stands for came about and no rule was broken, or the rules that
// its runs broke; "!" when it ran and did not come about, "-" when it did not run (it was left out, or time was up), "."
// when the interface file does not make it possible. Each table ends with how many cells came about. Empty without tables.
std::string cell_tables(const Result& result);

enum class CellState : std::uint8_t { not_applicable, not_run, not_reached, whole, broken };
CellState state_of(const CellResult& cell, const Result& result);
const char* to_string(CellState state);  // "not applicable", "not run", "not reached", "ok", "broken"
// Of the rules that its runs broke, those that the run as a whole found broken.
std::vector<spec::RuleId> confirmed(const CellResult& cell, const Result& result);

}  // namespace ffi_cts
