#include "chapter_reader.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>

#include "text_tools.hpp"

namespace ffi_cts::spec::tools {

const std::vector<ChapterName> known_chapters = {
    {1, "LOAD", "loading"}, {2, "REQ", "requests"},   {3, "PAY", "payloads"},          {4, "NAT", "native calls"},
    {5, "EVT", "events"},   {6, "HST", "host calls"}, {7, "THR", "threads"},           {8, "END", "teardown"},
    {9, "WIRE", "wire"},    {10, "RMT", "remote"},    {11, "OBL", "host obligations"},
};

namespace {

constexpr std::string_view dot = "·";

const ChapterName* chapter_with(std::string_view prefix) {
  for (const auto& chapter : known_chapters) {
    if (chapter.prefix == prefix) return &chapter;
  }
  return nullptr;
}

std::string file_name_of(const ChapterName& chapter) {
  std::string name = std::to_string(chapter.number) + "_" + std::string(chapter.title) + ".md";
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

std::string heading_of(const ChapterName& chapter) {
  return "# " + std::to_string(chapter.number) + " · " + std::string(chapter.title) + " · " +
         std::string(chapter.prefix);
}

// The fields that a rule may have, and where their text goes.
std::string* field_of(RuleText& rule, std::string_view name, std::string& note) {
  if (name == "Intent") return &rule.intent;
  if (name == "Needs") return &rule.needs;
  if (name == "Unjudged") return &rule.unjudged_reason;
  if (name == "Right") return &rule.right_example;
  if (name == "Wrong") return &rule.wrong_example;
  if (name == "Note") return &note;  // for readers only
  return nullptr;
}

class Reader {
 public:
  Reader(std::string_view path, Reading& reading) : path_(path), reading_(reading) {}

  void read(std::string_view text) {
    find_chapter();
    for (const auto line : lines_of(text)) {
      ++line_;
      take(line);
    }
    if (in_fence_) complain(fence_line_, "this fenced block does not end");
    close_rule();
    if (chapter_ != nullptr && !has_heading_)
      complain(1, "the chapter's heading " + quoted(heading_of(*chapter_)) + " is missing");
  }

 private:
  void complain(int line, std::string what) { reading_.complaints.push_back({path_, line, std::move(what)}); }

  void find_chapter() {
    const auto slash = path_.find_last_of('/');
    file_name_ = slash == std::string::npos ? path_ : path_.substr(slash + 1);
    for (const auto& chapter : known_chapters) {
      if (file_name_of(chapter) == file_name_) chapter_ = &chapter;
    }
    if (chapter_ == nullptr) complain(1, quoted(file_name_) + " is the name of no chapter");
  }

  void take(std::string_view line) {
    if (line.starts_with("```")) return take_fence();
    if (in_fence_) return take_example(line);
    if (line.starts_with("#")) return take_heading(line);
    if (!open_) return;
    if (trim(line).empty()) {
      target_ = nullptr;
    } else if (line.starts_with("*") && line.find(":*") != std::string_view::npos) {
      take_field(line);
    } else {
      take_words(line);
    }
  }

  void take_fence() {
    in_fence_ = !in_fence_;
    if (in_fence_) {
      fence_line_ = line_;
      if (open_ && example_ == nullptr)
        complain(line_, rule_.id() + ": a fenced block must follow *Right:* or *Wrong:*");
    } else {
      example_ = nullptr;
    }
  }

  void take_example(std::string_view line) {
    if (example_ != nullptr) *example_ += std::string(line) + "\n";
  }

  void take_heading(std::string_view line) {
    close_rule();
    if (line.starts_with("### ")) {
      open_rule(trim(line.substr(4)));
    } else if (line.starts_with("# ")) {
      if (chapter_ != nullptr && trim(line) != heading_of(*chapter_)) {
        complain(line_, "the chapter's heading should be " + quoted(heading_of(*chapter_)));
      }
      has_heading_ = true;
    } else if (!line.starts_with("## ")) {
      complain(line_, "a heading of a chapter is '# ', '## ' or, for a rule, '### '");
    }
  }

  void open_rule(std::string_view heading) {
    rule_ = RuleText{};
    rule_.path = path_;
    rule_.file = "spec/" + file_name_;
    rule_.line = line_;
    seen_fields_.clear();
    note_.clear();
    target_ = example_ = nullptr;
    const auto words = split(heading, dot);
    if (words.size() != 4) {
      return complain(line_, "a rule's heading is '### EVT-9 · MUST · library · judged', this is " + quoted(heading));
    }
    const bool good_id = read_id(words[0]);
    const bool good_words = read_words(words);  // also after a bad id, so that all that is wrong is told
    open_ = good_id && good_words;
  }

  bool read_id(std::string_view id) {
    const auto dash = id.find('-');
    if (dash == std::string_view::npos) return complain(line_, "malformed rule id " + quoted(id)), false;
    const auto prefix = id.substr(0, dash);
    const auto digits = id.substr(dash + 1);
    rule_.chapter = chapter_with(prefix);
    if (rule_.chapter == nullptr)
      return complain(line_, "unknown chapter " + quoted(prefix) + " in the rule id " + quoted(id)), false;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), rule_.number);
    if (error != std::errc{} || end != digits.data() + digits.size() || rule_.number <= 0 || digits.front() == '0') {
      return complain(line_, "the number of the rule id " + quoted(id) + " should be 1 or more"), false;
    }
    if (chapter_ != nullptr && rule_.chapter != chapter_) {
      return complain(line_, quoted(id) + " belongs into " + file_name_of(*rule_.chapter)), false;
    }
    return true;
  }

  bool read_words(const std::vector<std::string_view>& words) {
    const auto one_of = [this](std::string_view word, std::initializer_list<std::string_view> allowed,
                               std::string_view hint) {
      if (std::find(allowed.begin(), allowed.end(), word) != allowed.end()) return true;
      complain(line_, "unknown word " + quoted(word) + " in the heading, expected " + std::string(hint));
      return false;
    };
    rule_.level = std::string(words[1]);
    rule_.binds = std::string(words[2]);
    rule_.judged = words[3] == "judged";
    const bool level = one_of(words[1], {"MUST", "SHOULD"}, "MUST or SHOULD");
    const bool binds = one_of(words[2], {"library", "host", "peer"}, "library, host or peer");
    const bool judged = one_of(words[3], {"judged", "unjudged"}, "judged or unjudged");
    return level && binds && judged;
  }

  void take_field(std::string_view line) {
    const auto end = line.find(":*");
    const auto name = line.substr(1, end - 1);
    target_ = field_of(rule_, name, note_);
    if (target_ == nullptr) return complain(line_, rule_.id() + ": unknown field " + quoted(name));
    if (name != "Note" && !seen_fields_.emplace(std::string(name), line_).second) {
      return complain(line_, rule_.id() + ": a second " + quoted(name));
    }
    if (name == "Right" || name == "Wrong") {
      example_ = target_;
      target_ = nullptr;
    } else {
      *target_ += std::string(trim(line.substr(end + 2)));
    }
  }

  void take_words(std::string_view line) {
    if (target_ == nullptr && rule_.sentence.empty()) target_ = &rule_.sentence;
    if (target_ == nullptr) return complain(line_, rule_.id() + ": text outside a field; use *Note:*");
    if (!target_->empty()) *target_ += ' ';
    *target_ += std::string(trim(line));
  }

  void close_rule() {
    if (!open_) return;
    open_ = false;
    const auto require = [this](const std::string& text, std::string_view what) {
      if (text.empty()) complain(rule_.line, rule_.id() + ": missing " + std::string(what));
    };
    require(rule_.sentence, "sentence");
    require(rule_.intent, "Intent");
    require(rule_.needs, "Needs");
    require(rule_.right_example, "Right example");
    require(rule_.wrong_example, "Wrong example");
    if (!rule_.judged) require(rule_.unjudged_reason, "Unjudged reason");
    if (rule_.judged && !rule_.unjudged_reason.empty()) {
      complain(seen_fields_["Unjudged"], rule_.id() + ": says why it is unjudged, but its heading says judged");
    }
    std::string error;
    if (!rule_.needs.empty() && !parse_needs(rule_.needs, rule_.need_list, error)) {
      complain(seen_fields_["Needs"], rule_.id() + ": " + error);
    }
    reading_.rules.push_back(rule_);
  }

  std::string path_;
  Reading& reading_;
  std::string file_name_;
  const ChapterName* chapter_ = nullptr;
  bool has_heading_ = false;
  int line_ = 0;

  bool open_ = false;  // inside a rule
  RuleText rule_;
  std::map<std::string, int> seen_fields_;
  std::string note_;
  std::string* target_ = nullptr;   // the field or sentence that the next line continues
  std::string* example_ = nullptr;  // where the next fenced block goes
  bool in_fence_ = false;
  int fence_line_ = 0;
};

}  // namespace

void read_chapter(std::string_view path, std::string_view text, Reading& reading) {
  Reader(path, reading).read(text);
}

void finish(Reading& reading) {
  std::map<std::string, const RuleText*> first;
  for (const auto& rule : reading.rules) {
    const auto [at, fresh] = first.emplace(rule.id(), &rule);
    if (fresh) continue;
    reading.complaints.push_back({rule.path, rule.line,
                                  "duplicate rule id " + quoted(rule.id()) + ", first in " + at->second->file + ":" +
                                      std::to_string(at->second->line)});
  }
  std::stable_sort(reading.rules.begin(), reading.rules.end(), [](const RuleText& a, const RuleText& b) {
    return std::tie(a.chapter->number, a.number) < std::tie(b.chapter->number, b.number);
  });
}

}  // namespace ffi_cts::spec::tools
