// From a program that breaks a rule to the shortest one that still does, within a budget.
#pragma once

#include "harness/shrink/trial.hpp"

namespace ffi_cts {

struct Budget {
  int candidates = 300;
  double seconds = 10;
};

// What is known of a breach so far.
struct Counterexample {
  Program program;
  Sighting sighting;          // of this very program
  History history;            // what must run before it; empty: nothing
  int tries = 1;              // runs that a candidate is given to show the breach
  bool reproduced = false;    // it was seen again in a fresh worker
  int candidates = 0;         // tried while shrinking
};

// Sees the breach again in fresh workers: at once, after repeated runs, or after what the worker had done before
// (`earlier`, in its order), which is then bisected. `until` bounds all of it.
Counterexample confirm(Bench& bench, const Judge& judge, const Program& program, Sighting first, const std::vector<Program>& earlier, Clock::time_point until);

// Accepts simpler programs as long as they break the same rule.
void shrink(Bench& bench, const Judge& judge, Counterexample& example, Budget budget);

}  // namespace ffi_cts
