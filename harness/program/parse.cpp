#include <fmt/format.h>

#include <charconv>
#include <set>

#include "harness/program/names.hpp"
#include "harness/program/text.hpp"

namespace ffi_cts {
namespace {

// Words of one line; braces and semicolons are words of their own.
std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> out;
  constexpr std::string_view blank = " \t\r", alone = "{};";
  std::size_t i = 0;
  while (i < line.size() && line[i] != '#') {
    // '#' begins a comment unless it is a count (#3)
    if (blank.find(line[i]) != std::string_view::npos) {
      ++i;
      continue;
    }
    std::size_t end = i + 1;
    if (alone.find(line[i]) == std::string_view::npos)
      while (end < line.size() && blank.find(line[end]) == std::string_view::npos && alone.find(line[end]) == std::string_view::npos) ++end;
    out.push_back(line.substr(i, end - i));
    i = end;
    while (i < line.size() && blank.find(line[i]) != std::string_view::npos) ++i;
    if (i + 1 < line.size() && line[i] == '#' && line[i + 1] >= '0' && line[i + 1] <= '9') {
      end = line.find_first_of(" \t\r{};", i);
      if (end == std::string_view::npos) end = line.size();
      out.push_back(line.substr(i, end - i));
      i = end;
    }
  }
  return out;
}

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t n = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return n;
}

// "text(12,3)" with prefix "text(" gives "12,3".
std::optional<std::string_view> inner(std::string_view word, std::string_view prefix) {
  if (!word.starts_with(prefix) || !word.ends_with(')')) return std::nullopt;
  return word.substr(prefix.size(), word.size() - prefix.size() - 1);
}

std::optional<Ref> ref(std::string_view word) {
  if (word == "all") return Ref{ObjectKind::all, 0};
  if (word.size() < 2) return std::nullopt;
  auto kind = words::meaning(words::kinds, word.substr(0, 1));
  auto n = number(word.substr(1));
  if (!kind || !n || *n == 0 || *n > 1'000'000) return std::nullopt;
  return Ref{*kind, static_cast<int>(*n)};
}

class LineParser {
 public:
  LineParser(std::vector<std::string_view> words, int line) : words_(std::move(words)), line_(line) {}

  Step top_level() {
    std::string_view thread = next();
    if (thread.size() != 1 || thread[0] < 'A' || thread[0] >= 'A' + max_threads)
      fail(fmt::format("\"{}\" is no host thread (A to D)", thread));
    Step result = step();
    result.thread = static_cast<std::uint8_t>(thread[0] - 'A');
    if (at_ != words_.size()) fail(fmt::format("\"{}\" is too much", words_[at_]));
    return result;
  }

  [[noreturn]] void fail(const std::string& what) const { throw ProgramError(fmt::format("line {}: {}", line_, what)); }

 private:
  std::string_view next() {
    if (at_ == words_.size()) fail("the line ends too early");
    return words_[at_++];
  }
  bool at(std::string_view word) const { return at_ < words_.size() && words_[at_] == word; }

  Step step() {
    Step result;
    if (at_ + 1 < words_.size() && words_[at_ + 1] == "=") {
      auto defined = ref(next());
      if (!defined || defined->kind == ObjectKind::all) fail("a name like c1, r1, l1 or h1 is due before \"=\"");
      result.defines = *defined;
      ++at_;
    }
    std::string_view word = next();
    auto verb = words::meaning(words::verbs, word);
    if (!verb) fail(fmt::format("\"{}\" is no step", word));
    result.verb = *verb;
    if (*verb == Verb::listen) result.role = RoleName::emit;
    check_definition(result);
    while (at_ < words_.size() && !at("{") && !at("}") && !at(";")) argument(result, next());
    if (at("{")) body(result);
    return result;
  }

  void check_definition(const Step& step) const {
    ObjectKind due = ObjectKind::none;
    if (step.verb == Verb::create) due = ObjectKind::context;
    if (step.verb == Verb::request) due = ObjectKind::request;
    if (step.verb == Verb::listen) due = ObjectKind::listener;
    if (step.verb == Verb::reg) due = ObjectKind::host_function;
    if (step.defines.kind != due) fail(fmt::format("{} defines another kind of name", words::word(words::verbs, step.verb)));
  }

  void body(Step& owner) {
    ++at_;
    while (!at("}")) {
      owner.body.push_back(step());
      if (at(";")) ++at_;
      else if (!at("}")) fail("\"}\" or \";\" is due");
    }
    ++at_;
  }

  void argument(Step& step, std::string_view word) {
    if (reference(step, word) || name(step, word) || quantity(step, word)) return;
    fail(fmt::format("\"{}\" is not understood", word));
  }

  static bool reference(Step& step, std::string_view word) {
    if (auto handle = words::meaning(words::handles, word)) return step.handle = *handle, true;
    std::size_t dot = word.find('.');
    if (dot != std::string_view::npos) {
      auto n = number(word.substr(dot + 1));
      if (!n) return false;
      step.index = *n;
      word = word.substr(0, dot);
    }
    auto named = ref(word);
    if (!named) return false;
    if (named->kind == ObjectKind::context && step.verb != Verb::wait) step.context = named->number;
    else step.object = *named;
    return true;
  }

  static bool name(Step& step, std::string_view word) {
    if (step.verb == Verb::listen || step.verb == Verb::reg || step.verb == Verb::unregister)
      if (auto kind = words::meaning(words::names, word)) return step.name = *kind, true;
    if (auto role = role_named(word)) return step.role = *role, true;
    if (auto misuse = words::meaning(words::misuses, word); misuse && !drawn(*misuse)) return step.misuse = *misuse, true;
    if (auto form = words::meaning(words::natives, word)) return step.native = *form, true;
    if (word == "same_function") return step.same_function = true;
    if (word == "ok") return step.code = 0, true;
    if (word == "err") return step.code = 1, true;
    return false;
  }

  // "12,3" of text(12,3).
  static bool payload(Step& step, std::string_view text, Misuse misuse) {
    std::size_t comma = text.find(',');
    auto size = number(text.substr(0, comma));
    auto seed = comma == std::string_view::npos ? std::nullopt : number(text.substr(comma + 1));
    if (!size || !seed) return false;
    step.payload = {*size, *seed};
    step.misuse = misuse;
    return true;
  }

  static bool quantity(Step& step, std::string_view word) {
    if (auto text = inner(word, "text(")) return payload(step, *text, step.misuse);
    if (step.verb == Verb::request || step.verb == Verb::create)
      for (Misuse kind : {Misuse::item, Misuse::near_miss})
        if (auto text = inner(word, std::string(words::word(words::misuses, kind)) + '(')) return payload(step, *text, kind);
    auto set = [](auto& target, std::optional<std::uint32_t> n) { return n ? (target = static_cast<std::remove_reference_t<decltype(target)>>(*n), true) : false; };
    if (auto n = inner(word, "proc(")) return number(*n) ? (step.proc = *number(*n), true) : false;
    if (auto n = inner(word, "host(")) return set(step.index, number(*n));
    if (auto n = inner(word, "id(")) return set(step.index, number(*n));
    if (auto n = inner(word, "ret(")) return set(step.code, number(*n));
    if (word.ends_with("ms")) return set(step.ms, number(word.substr(0, word.size() - 2)));
    if (word.ends_with("us")) return set(step.linger_us, number(word.substr(0, word.size() - 2)));
    if (word.starts_with("#")) return set(step.count, number(word.substr(1)));
    if (word.starts_with("x")) return set(step.repeat, number(word.substr(1)));
    return false;
  }

  std::vector<std::string_view> words_;
  std::size_t at_ = 0;
  int line_;
};

}  // namespace

Program parse_program(std::string_view text) {
  Program program;
  std::vector<int> lines;  // of the steps
  int line_number = 0;
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    ++line_number;
    auto words = split(line);
    if (words.empty()) continue;
    if (words[0] == "program" && program.steps.empty()) {
      for (std::size_t i = 1; i < words.size(); ++i) {
        if (words[i] == "fresh_threads") program.fresh_threads = true;
        else if (words[i] == "signal_storm") program.signal_storm = true;
        else if (words[i] == "many_descriptors") program.many_descriptors = true;
        else if (words[i] == "fresh_process") program.fresh_process = true;
        else if (auto n = inner(words[i], "rounds("); n && number(*n) && *number(*n) > 0) program.rounds = *number(*n);
        else throw ProgramError(fmt::format("line {}: \"{}\" is no switch of a program", line_number, words[i]));
      }
      continue;
    }
    program.steps.push_back(LineParser(std::move(words), line_number).top_level());
    lines.push_back(line_number);
  }
  Program whole = program;
  normalize(program);
  if (count_steps(program) == count_steps(whole)) return program;
  // Which line lost a step? The first that does so when the program ends with it.
  for (std::size_t end = 1;; ++end) {
    Program head;
    head.steps.assign(whole.steps.begin(), whole.steps.begin() + static_cast<std::ptrdiff_t>(end));
    int before = count_steps(head);
    normalize(head);
    if (count_steps(head) == before) continue;
    throw ProgramError(fmt::format("line {}: a step refers to a name that no earlier step defines, or stands where it cannot", lines[end - 1]));
  }
}

}  // namespace ffi_cts
