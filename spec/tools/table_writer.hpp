// Writes the rules as C++: a light header with one constant per rule, and a source file with the texts.
#pragma once

#include <string>
#include <vector>

#include "chapter_reader.hpp"

namespace ffi_cts::spec::tools {

std::string header_text(const std::vector<RuleText>& rules);
std::string source_text(const std::vector<RuleText>& rules, const std::string& header_name);

// A C++ string literal for any text.
std::string literal(std::string_view text);

}  // namespace ffi_cts::spec::tools
