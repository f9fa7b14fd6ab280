// A run's result for programs that read it.
#pragma once

#include <string>

#include "harness/engine/result.hpp"

namespace ffi_cts {

// One object: library, seed, cases, cases_per_second, rules: [{id, level, verdict, exercised, judged_s, message, case}].
// `verdict` is pass, as expected (broken, and an expectation says so), fail, warn (a broken SHOULD), not exercised, not
// applicable or unknown; `case` is the saved file's path or null. A broken rule has `steps` and `program` too, or
// `follows_from`. Further:
//   stopped       why the run ended early, or null;  left_out: what programs did without, after a crash or hang
//   expectations  [{rule, outcome, holds, message, reason, link, until, file, line, complaint}], one for each entry
//   self_check    {full_run, never_exercised: [rule], gaps: how many goals of a full run were not reached,
//                 denied: [symbol], exports of kinds that the interface file says the library lacks}
//   coverage      {goals: how many, unreached: [cell], cells: [cell with its count]}
// where a cell is {call, inside, thread, state}.
std::string to_json(const Result& result);

}  // namespace ffi_cts
