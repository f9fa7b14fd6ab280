#include "table_writer.hpp"

#include <algorithm>

namespace ffi_cts::spec::tools {
namespace {

constexpr std::string_view header_top = R"(// Written by ffi_cts_rule_table from the chapters in spec/. Do not edit.
#pragma once

#include <compare>
#include <cstddef>
#include <span>
#include <string_view>

namespace ffi_cts::spec {

enum class Level { must, should };
enum class Binds { library, host, peer };
enum class NeedKind { role, contract, export_, event, burst, proc, native, worker, peer };

std::string_view to_string(Level level) noexcept;        // "MUST", "SHOULD"
std::string_view to_string(Binds binds) noexcept;        // "library", "host", "peer"
std::string_view to_string(NeedKind kind) noexcept;      // "role", "contract", "export", "event", "burst", "proc", "native", "worker", "peer"

// One thing that a library, or a peer, must have for a rule to apply. Of several names (roles only) one is enough; event and proc
// have none.
struct Need {
  NeedKind kind;
  std::span<const std::string_view> any_of;
};

struct Rule {
  std::string_view id;             // "REQ-1"
  std::string_view chapter;        // "REQ"
  std::string_view chapter_title;  // "requests"
  int chapter_number;
  int number;
  Level level;
  Binds binds;
  bool judged;
  std::string_view sentence, intent, needs, unjudged_reason, right_example, wrong_example;
  std::string_view file;  // "spec/2_requests.md"
  int line;               // of the rule's heading
  std::span<const Need> need_list;  // `needs`, parsed; all of them must be met
};

struct Chapter {
  int number;
  std::string_view prefix, title, file;
};

// Names a rule. There is one constant per rule in namespace rule, and no other way to make one but from a Rule, so that
// an id that the spec lacks does not compile. Ordered as the spec is.
class RuleId {
 public:
  explicit RuleId(const Rule& rule) noexcept;
  constexpr explicit RuleId(std::size_t index) noexcept : index_(index) {}  // for the constants below

  const Rule& rule() const noexcept;
  std::string_view id() const noexcept;
  constexpr std::size_t index() const noexcept { return index_; }  // into `rules`

  friend constexpr bool operator==(RuleId, RuleId) noexcept = default;
  friend constexpr std::strong_ordering operator<=>(RuleId, RuleId) noexcept = default;

 private:
  std::size_t index_;
};

extern const std::span<const Rule> rules;        // all of them, by chapter and number
extern const std::span<const Chapter> chapters;  // by number

inline const Rule& of(RuleId id) noexcept { return id.rule(); }
const Rule* find_rule(std::string_view id) noexcept;            // "REQ-1"; nullptr if there is none
const Chapter* find_chapter(std::string_view prefix) noexcept;  // "REQ"; nullptr if there is none

)";

constexpr std::string_view source_end = R"(
}  // namespace

constinit const std::span<const Rule> rules{rule_table};
constinit const std::span<const Chapter> chapters{chapter_table};

std::string_view to_string(Level level) noexcept { return level == Level::must ? "MUST" : "SHOULD"; }

std::string_view to_string(Binds binds) noexcept {
  return binds == Binds::library ? "library" : binds == Binds::host ? "host" : "peer";
}

std::string_view to_string(NeedKind kind) noexcept {
  switch (kind) {
    case NeedKind::role: return "role";
    case NeedKind::contract: return "contract";
    case NeedKind::export_: return "export";
    case NeedKind::event: return "event";
    case NeedKind::burst: return "burst";
    case NeedKind::proc: return "proc";
    case NeedKind::native: return "native";
    case NeedKind::worker: return "worker";
    case NeedKind::peer: return "peer";
  }
  return "";
}

RuleId::RuleId(const Rule& rule) noexcept : index_(static_cast<std::size_t>(find_rule(rule.id) - rule_table)) {}

const Rule& RuleId::rule() const noexcept { return rule_table[index_]; }

std::string_view RuleId::id() const noexcept { return rule_table[index_].id; }

const Rule* find_rule(std::string_view id) noexcept {
  for (const auto& rule : rule_table) {
    if (rule.id == id) return &rule;
  }
  return nullptr;
}

const Chapter* find_chapter(std::string_view prefix) noexcept {
  for (const auto& chapter : chapter_table) {
    if (chapter.prefix == prefix) return &chapter;
  }
  return nullptr;
}

}  // namespace ffi_cts::spec
)";

std::string constant_of(const RuleText& rule) {
  return std::string(rule.chapter->prefix) + "_" + std::to_string(rule.number);
}

std::string kind_of(const NeedText& need) {
  return "NeedKind::" + (need.kind == "export" ? "export_" : need.kind);
}

std::string needs_name(const RuleText& rule) {
  return "needs_" + constant_of(rule);
}

std::string needs_text(const RuleText& rule) {
  std::string words, needs;
  for (std::size_t i = 0; i < rule.need_list.size(); ++i) {
    const auto& need = rule.need_list[i];
    const std::string name = needs_name(rule) + "_" + std::to_string(i);
    if (!need.any_of.empty()) {
      words += "constexpr std::string_view " + name + "[] = {";
      for (const auto& word : need.any_of) words += literal(word) + ", ";
      words += "};\n";
    }
    needs += "{" + kind_of(need) + ", " + (need.any_of.empty() ? "{}" : name) + "}, ";
  }
  if (needs.empty()) return {};
  return words + "constexpr Need " + needs_name(rule) + "[] = {" + needs + "};\n";
}

std::string rule_text(const RuleText& rule) {
  const auto& chapter = *rule.chapter;
  std::string text = "    {";
  text += literal(rule.id()) + ", " + literal(chapter.prefix) + ", " + literal(chapter.title) + ", ";
  text += std::to_string(chapter.number) + ", " + std::to_string(rule.number) + ", ";
  text += std::string("Level::") + (rule.level == "MUST" ? "must" : "should") + ", Binds::" + rule.binds + ", ";
  text += rule.judged ? "true,\n" : "false,\n";
  for (const auto* field :
       {&rule.sentence, &rule.intent, &rule.needs, &rule.unjudged_reason, &rule.right_example, &rule.wrong_example}) {
    text += "     " + literal(*field) + ",\n";
  }
  text += "     " + literal(rule.file) + ", " + std::to_string(rule.line) + ", ";
  return text + (rule.need_list.empty() ? "{}" : needs_name(rule)) + "},\n";
}

std::string chapter_table(const std::vector<RuleText>& rules) {
  std::string text = "constexpr Chapter chapter_table[] = {\n";
  for (const auto& chapter : known_chapters) {
    const auto rule =
        std::find_if(rules.begin(), rules.end(), [&](const RuleText& r) { return r.chapter == &chapter; });
    if (rule == rules.end()) continue;
    text += "    {" + std::to_string(chapter.number) + ", " + literal(chapter.prefix) + ", " + literal(chapter.title) +
            ", " + literal(rule->file) + "},\n";
  }
  return text + "};\n";
}

}  // namespace

std::string literal(std::string_view text) {
  constexpr std::string_view octal = "01234567";
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\' || c == '?') {
      result += '\\';
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      result += {'\\', octal[byte >> 6], octal[(byte >> 3) & 7], octal[byte & 7]};
    } else {
      result += c;
    }
  }
  return result + "\"";
}

std::string header_text(const std::vector<RuleText>& rules) {
  std::string text(header_top);
  text += "namespace rule {\n";
  for (std::size_t i = 0; i < rules.size(); ++i) {
    text += "inline constexpr RuleId " + constant_of(rules[i]) + "{std::size_t{" + std::to_string(i) + "}};\n";
  }
  return text + "}  // namespace rule\n\n}  // namespace ffi_cts::spec\n";
}

std::string source_text(const std::vector<RuleText>& rules, const std::string& header_name) {
  std::string text = "// Written by ffi_cts_rule_table from the chapters in spec/. Do not edit.\n#include " +
                     literal(header_name) + "\n\nnamespace ffi_cts::spec {\nnamespace {\n\n";
  for (const auto& rule : rules) text += needs_text(rule);
  text += "\nconstexpr Rule rule_table[] = {\n";
  for (const auto& rule : rules) text += rule_text(rule);
  text += "};\n\n" + chapter_table(rules);
  return text + std::string(source_end);
}

}  // namespace ffi_cts::spec::tools
