#include "harness/report/case_file.hpp"

#include <fmt/format.h>

#include <charconv>
#include <ffi_cts/rule_table.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string_view>

#include "harness/program/text.hpp"

namespace ffi_cts {
namespace {

constexpr std::string_view first_words = "ffi-cts case ";
constexpr int version = 1;

std::uint64_t fnv1a(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (c == '\\')
      out += "\\\\";
    else
      out += c;
  }
  return out;
}

std::string indented(const Program& program) {
  std::string out;
  for (char c : "\n" + to_text(program)) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out.substr(1, out.size() - 3);
}

std::string text_of(const CaseFile& file) {
  std::string out = fmt::format("{}{}\n", first_words, version);
  auto line = [&](std::string_view key, const auto& value) { out += fmt::format("{} {}\n", key, value); };
  line("library", escaped(file.library));
  line("library_hash", escaped(file.library_hash));
  line("interface", escaped(file.interface_file));
  line("rule", escaped(file.rule));
  line("worker", file.worker);
  line("seed", file.seed);
  line("case", file.case_number);
  line("tries", file.tries);
  out += '\n';
  for (const auto& [program, times] : file.history) out += fmt::format("history x{}\n{}", times, indented(program));
  return out + "program\n" + indented(file.program);
}

class Reader {
 public:
  Reader(std::string path, std::string_view text) : path_(std::move(path)) {
    while (!text.empty()) {
      std::size_t end = text.find('\n');
      std::string_view line = text.substr(0, end);
      text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
      if (line.ends_with('\r')) line.remove_suffix(1);
      lines_.push_back(line);
    }
  }

  CaseFile read() {
    first_line();
    for (at_ = 1; at_ < lines_.size();) {
      std::string_view line = lines_[at_];
      if (line.find_first_not_of(" \t") == std::string_view::npos || line.front() == '#') {
        ++at_;
        continue;
      }
      if (line.front() == ' ' || line.front() == '\t') fail("an indented line outside a section");
      std::size_t blank = line.find(' ');
      key_ = line.substr(0, blank);
      value_ = blank == std::string_view::npos ? std::string_view{} : line.substr(blank + 1);
      if (key_ == "history")
        history();
      else if (key_ == "program")
        program();
      else
        key();
    }
    at_ = lines_.empty() ? 0 : lines_.size() - 1;
    for (const char* due : {"library", "interface", "rule", "program"})
      if (!seen_.contains(due)) fail(fmt::format("the {} is missing", due));
    return std::move(file_);
  }

 private:
  [[noreturn]] void fail_at(std::size_t line, const std::string& what) const {
    throw CaseError(fmt::format("{}:{}: {}", path_, line, what));
  }
  [[noreturn]] void fail(const std::string& what) const { fail_at(at_ + 1, what); }

  void first_line() const {
    std::string_view line = lines_.empty() ? std::string_view{} : lines_.front();
    std::optional<std::uint64_t> found;
    if (line.starts_with(first_words)) found = number(line.substr(first_words.size()));
    if (!found) fail(fmt::format("not a case file: its first line is not \"{}{}\"", first_words, version));
    if (*found != version)
      fail(fmt::format("a case file of version {}; this ffi-cts reads version {}", *found, version));
  }

  static std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t n = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return n;
  }

  std::uint64_t whole() const {
    auto n = number(value_);
    if (!n) fail(fmt::format("{} takes a whole number, not \"{}\"", key_, value_));
    return *n;
  }

  // How often something runs.
  int times(std::string_view text) const {
    auto n = number(text);
    if (!n || *n == 0 || *n > 1'000'000)
      fail(fmt::format("{} takes a number from 1 to 1000000, not \"{}\"", key_, text));
    return static_cast<int>(*n);
  }

  std::string unescaped() const {
    std::string out;
    for (std::size_t i = 0; i < value_.size(); ++i) {
      if (value_[i] != '\\') {
        out += value_[i];
        continue;
      }
      char next = ++i < value_.size() ? value_[i] : '\0';
      if (next == 'n')
        out += '\n';
      else if (next == 'r')
        out += '\r';
      else if (next == '\\')
        out += '\\';
      else
        fail(fmt::format("{}: after a backslash comes n, r or another backslash", key_));
    }
    return out;
  }

  void once() {
    if (!seen_.emplace(key_).second) fail(fmt::format("a second {}", key_));
  }

  void key() {
    once();
    if (key_ == "library")
      file_.library = unescaped();
    else if (key_ == "library_hash")
      file_.library_hash = unescaped();
    else if (key_ == "interface")
      file_.interface_file = unescaped();
    else if (key_ == "rule")
      rule();
    else if (key_ == "worker")
      worker();
    else if (key_ == "seed")
      file_.seed = whole();
    else if (key_ == "case")
      file_.case_number = whole();
    else if (key_ == "tries")
      file_.tries = times(value_);
    else
      fail(fmt::format("\"{}\" is no key of a case file", key_));
    ++at_;
  }

  void rule() {
    file_.rule = unescaped();
    if (!spec::find_rule(file_.rule)) fail(fmt::format("the spec has no rule \"{}\"", file_.rule));
  }

  void worker() {
    file_.worker = unescaped();
    if (!sanitizer_of_word(file_.worker)) fail(fmt::format("\"{}\" is no worker (there are plain, asan and tsan)", file_.worker));
  }

  void history() {
    if (!value_.starts_with('x')) fail("a history says how often it runs: \"history x1\"");
    int runs = times(value_.substr(1));
    file_.history.emplace_back(section(), runs);
  }

  void program() {
    once();
    if (!value_.empty()) fail("\"program\" stands alone on its line");
    file_.program = section();
  }

  // The program in the indented lines that follow; at_ is then behind them.
  Program section() {
    std::size_t heading = at_++;
    std::string text;
    auto belongs = [](std::string_view line) {
      return line.empty() || std::string_view(" \t#").find(line.front()) != std::string_view::npos;
    };
    for (; at_ < lines_.size() && belongs(lines_[at_]); ++at_) text += std::string(lines_[at_]) + '\n';
    try {
      return parse_program(text);
    } catch (const ProgramError& error) {
      rethrow(heading, error.what());
    }
  }

  // "line 3: …" of a section, said of the file.
  [[noreturn]] void rethrow(std::size_t heading, std::string_view what) const {
    std::size_t colon = what.find(": ");
    constexpr std::string_view prefix = "line ";
    auto line = what.starts_with(prefix) && colon != std::string_view::npos
                    ? number(what.substr(prefix.size(), colon - prefix.size()))
                    : std::nullopt;
    if (!line) fail_at(heading + 1, std::string(what));
    fail_at(heading + 1 + *line, std::string(what.substr(colon + 2)));
  }

  std::string path_;
  std::vector<std::string_view> lines_;
  std::size_t at_ = 0;  // the line being read, from 0
  std::string_view key_, value_;
  std::set<std::string, std::less<>> seen_;
  CaseFile file_;
};

std::optional<std::string> contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path)) return std::nullopt;
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in.bad()) return std::nullopt;
  return text;
}

}  // namespace

std::string save_case(const std::string& directory, const CaseFile& file) {
  std::filesystem::path folder(directory);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw CaseError(fmt::format("{}: cannot be made: {}", directory, error.message()));
  std::uint64_t hash = fnv1a(to_text(file.program));
  std::string path =
      folder / fmt::format("{}-{:04x}.case", file.rule, (hash ^ hash >> 16 ^ hash >> 32 ^ hash >> 48) & 0xffff);
  std::ofstream out(path, std::ios::binary);
  out << text_of(file);
  if (!out.flush()) throw CaseError(fmt::format("{}: cannot be written", path));
  return path;
}

CaseFile load_case(const std::string& path) {
  auto text = contents(path);
  if (!text) throw CaseError(fmt::format("{}: cannot be read", path));
  return Reader(path, *text).read();
}

std::string hash_of_file(const std::string& path) {
  auto bytes = contents(path);
  return bytes ? fmt::format("{:016x}", fnv1a(*bytes)) : std::string{};
}

}  // namespace ffi_cts
