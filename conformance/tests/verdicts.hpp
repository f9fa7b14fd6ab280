// What a run said, in words and as JSON.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "conformance/tests/command.hpp"

namespace ffi_cts::tests {

struct Judged {
  Outcome outcome;
  nlohmann::json json;  // null when none was written

  // "pass", "fail", …; empty when the run did not judge the rule.
  std::string verdict(const std::string& rule) const;
  // The rule's object of the JSON; null when there is none.
  nlohmann::json rule(const std::string& id) const;
  // Those neither passed nor not applicable, as "REQ-1 fail".
  std::vector<std::string> not_passed() const;
  // The report's block of a broken rule: its headline and the indented lines below; empty when there is none.
  std::string block(const std::string& rule) const;
};
std::ostream& operator<<(std::ostream& stream, const Judged& judged);

// `ffi-cts run LIBRARY options… --json FILE`, its files in `directory`, its counterexamples in `directory`/cases.
Judged judge(const std::string& library, std::vector<std::string> options, const std::string& directory,
             double within = 120);

}  // namespace ffi_cts::tests
