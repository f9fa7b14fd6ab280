// Programs that chance rarely reaches: one file each (*.program), compiled in, and the cells of two tables (cells.hpp).
#pragma once

#include <vector>

#include "harness/engine/engine.hpp"

namespace ffi_cts::scenarios {

// Those of files in the order of their names, slow ones last; then the cells. Throws ProgramError when one cannot be read, which a test shows.
std::vector<Scenario> all();

}  // namespace ffi_cts::scenarios
