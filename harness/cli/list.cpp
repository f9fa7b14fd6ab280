#include <fmt/format.h>

#include "harness/cli/cli.hpp"

namespace ffi_cts {

int list_rules() {
  std::string_view chapter;
  for (const spec::Rule& rule : spec::rules) {
    if (rule.chapter != chapter) fmt::print("{}{} {} ({})\n", chapter.empty() ? "" : "\n", rule.chapter_number, rule.chapter_title, rule.chapter);
    chapter = rule.chapter;
    fmt::print("  {:<8} {:<6} {:<9} {}\n", rule.id, spec::to_string(rule.level), rule.judged ? "judged" : "unjudged", rule.sentence);
  }
  return 0;
}

int explain(const std::string& id) {
  const spec::Rule* rule = spec::find_rule(id);
  if (!rule) throw std::runtime_error(fmt::format("{}: no such rule (see: ffi-cts list)", id));
  fmt::print("{} {} (binds the {}; {}:{})\n\n{}\n\nIntent: {}\n", rule->id, spec::to_string(rule->level), spec::to_string(rule->binds), rule->file, rule->line,
             rule->sentence, rule->intent);
  fmt::print("Needs:  {}\n", rule->needs);
  if (!rule->judged) fmt::print("Not judged: {}\n", rule->unjudged_reason);
  fmt::print("\nRight:\n{}\n\nWrong:\n{}\n", rule->right_example, rule->wrong_example);
  return 0;
}

}  // namespace ffi_cts
