// Reads the chapters of the spec: Markdown in, rules and complaints out. The shape of a rule is described in
// spec/README.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ffi_cts::spec::tools {

// One chapter as its prefix, number and title are fixed; `4_native_calls.md` must begin `# 4 · native calls · NAT`.
struct ChapterName {
  int number;
  std::string_view prefix;
  std::string_view title;
};

// All chapters that there are, in order.
extern const std::vector<ChapterName> known_chapters;

// One item of a rule's Needs: "role echo or role emit" is {"role", {"echo", "emit"}}, "proc" is {"proc", {}}.
struct NeedText {
  std::string kind;
  std::vector<std::string> any_of;
};

struct RuleText {
  const ChapterName* chapter = nullptr;
  int number = 0;
  std::string level;  // "MUST" or "SHOULD"
  std::string binds;  // "library", "host" or "peer"
  bool judged = false;
  std::string sentence, intent, needs, unjudged_reason, right_example, wrong_example;
  std::vector<NeedText> need_list;
  std::string file;  // as it is shown to readers: "spec/5_events.md"
  std::string path;  // as it was given to the tool, for complaints
  int line = 0;      // of the heading

  std::string id() const { return std::string(chapter->prefix) + "-" + std::to_string(number); }
};

// Something wrong in a chapter.
struct Complaint {
  std::string file;
  int line;
  std::string what;

  std::string text() const { return file + ":" + std::to_string(line) + ": " + what; }
};

struct Reading {
  std::vector<RuleText> rules;
  std::vector<Complaint> complaints;
};

// Reads one chapter's text and appends to `reading`. `path` names the file in complaints; its last part must be
// `<number>_<title>.md`.
void read_chapter(std::string_view path, std::string_view text, Reading& reading);

// Complains about ids that occur twice and sorts the rules by chapter and number.
void finish(Reading& reading);

// Parses the words of a Needs field. Returns false and says why in `error`.
bool parse_needs(std::string_view words, std::vector<NeedText>& needs, std::string& error);

}  // namespace ffi_cts::spec::tools
