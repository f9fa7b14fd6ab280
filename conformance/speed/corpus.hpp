// A corpus: programs in their text form, a line `---` between two of them.
#pragma once

#include <string>
#include <vector>

#include "harness/program/program.hpp"

namespace ffi_cts::speed {

// Throws std::runtime_error with one clear line.
std::vector<Program> read_corpus(const std::string& file);
void write_corpus(const std::string& file, const std::vector<Program>& programs, const std::string& heading);

}  // namespace ffi_cts::speed
