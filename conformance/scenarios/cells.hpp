// Scenarios that are made by combination, one for each cell of a table.
#pragma once

#include <vector>

#include "harness/engine/schedule.hpp"

namespace ffi_cts::scenarios {

constexpr std::size_t most_procs = 16;  // of a library with more, so many are called for what holds of each

// Every export, called in every kind of callback: of the context whose callback it is or of another one; in the callback
// itself, on another thread while it runs, or in the callback while its context is being destroyed.
std::vector<Scenario> reentrancy_matrix();

// A destroy after each step of a program that uses everything: on the main thread, on another one, in a callback of the
// context and in one of another context.
std::vector<Scenario> teardown_sweep();

// The hostile corpus (harness/program/hostile.hpp), to every kind of proc. These stand in no table.
std::vector<Scenario> hostile_corpus();

// Calls whose answers must not depend on the variant (NAT-4). These stand in no table.
std::vector<Scenario> each_proc_in_both_variants();

// The step of a program that reads so, nested ones included. Throws std::logic_error when there is none.
int id_of_step(const Program& program, const std::string& text);

}  // namespace ffi_cts::scenarios
