// Programs by chance. RapidCheck supplies the randomness and the shrinks; decoding is total, so every program is valid.
#pragma once

#include <rapidcheck/Gen.h>

#include "harness/generate/features.hpp"
#include "harness/interface/interface.hpp"

namespace ffi_cts {

struct Tuning {
  double length = 1;        // programs are so much longer: for libraries whose contexts are expensive
  bool few_contexts = false;
};

// What this library can be asked for at all.
Features applicable_features(const Interface& interface);

// A random subset of `allowed`: common features often, costly ones seldom.
Features swarm(const rc::Random& random, const Features& allowed);

// Programs that use no other features than these.
rc::Gen<Program> programs(const Interface& interface, const Features& swarm, Tuning tuning);

// Simpler programs, the boldest first: steps and behaviours gone, threads merged, numbers smaller. All are normalized.
rc::Seq<Program> simpler(const Program& program);

}  // namespace ffi_cts
