// How the harness is given the rules: a table of judges. It knows no more of a rule than its id.
#pragma once

#include <ffi_cts/rule_table.hpp>

#include <vector>

#include "harness/program/program.hpp"
#include "harness/trace/verdict.hpp"

namespace ffi_cts {

struct Judge {
  spec::RuleId rule;
  Verdict (*judge)(const Trace& trace);
  // Rules whose breach brings a breach of this one with it: when one of them is broken in the same trace, this one is
  // shown as "follows from" it.
  std::vector<spec::RuleId> follows_from = {};
  // Rules that explain this one's breach better wherever in the run they are broken, also in other traces: this one is then
  // shown after them.
  std::vector<spec::RuleId> yields_to = {};
  // The switch of a program under which this rule promises what others promise without it: what is broken just as well
  // without the switch is theirs.
  bool Program::*condition = nullptr;
};

}  // namespace ffi_cts
