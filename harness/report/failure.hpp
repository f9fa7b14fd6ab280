// A broken rule, told so that one can act on it without opening this project's source.
#pragma once

#include <string>

#include "harness/report/report.hpp"

namespace ffi_cts {

// Of a rule whose status is fail. `library` is the path of the library under test.
std::string failure_block(const RuleResult& rule, const std::string& library, bool color);

}  // namespace ffi_cts
