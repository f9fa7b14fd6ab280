// A run's result for programs that read it.
#pragma once

#include <string>

#include "harness/engine/result.hpp"

namespace ffi_cts {

// One object: library, seed, cases, cases_per_second, rules: [{id, level, verdict, exercised, message, case}].
// `verdict` is pass, fail, warn (a broken SHOULD), not exercised, not applicable or unknown; `case` is the saved file's
// path or null. A broken rule has `steps` and `program` too, or `follows_from`.
std::string to_json(const Result& result);

}  // namespace ffi_cts
