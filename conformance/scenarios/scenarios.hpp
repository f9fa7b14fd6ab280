// Programs that chance rarely reaches, one file each (*.program), compiled in.
#pragma once

#include <vector>

#include "harness/engine/engine.hpp"

namespace ffi_cts::scenarios {

// In the order of their file names, slow ones last. Throws ProgramError when one cannot be read, which a test shows.
std::vector<Scenario> all();

}  // namespace ffi_cts::scenarios
