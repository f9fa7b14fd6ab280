#include "harness/peer/case_file.hpp"

#include <fmt/format.h>

#include <charconv>
#include <ffi_cts/rule_table.hpp>
#include <filesystem>
#include <fstream>

namespace ffi_cts::peer {
namespace {

constexpr std::string_view first_line = "ffi-cts conversation 1";

void read_key(CaseFile& file, std::string_view key, std::string_view value) {
  if (key == "rule") {
    file.rule = value;
    const spec::Rule* rule = spec::find_rule(value);
    if (!rule || rule->binds != spec::Binds::peer) throw fmt::format("the spec has no rule \"{}\" for peers", value);
  } else if (key == "dialect" && (value == "plain" || value == "tagged")) {
    file.manner.dialect = value == "plain" ? Dialect::plain : Dialect::tagged;
  } else if (key == "role" && (value == "child" || value == "parent")) {
    file.parent = value == "parent";
  } else if (key == "max_frame") {
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), file.manner.limit);
    if (error != std::errc{} || end != value.data() + value.size() || file.manner.limit < 100)
      throw fmt::format("\"{}\" is no limit of frames", value);
  } else if (key == "word") {
    file.command.emplace_back(value);
  } else {
    throw fmt::format("\"{} {}\" is not understood", key, value);
  }
}

}  // namespace

std::string save_case(const std::string& directory, const CaseFile& file) {
  const std::string steps = to_text(file.conversation);
  std::string text = fmt::format("{}\nrule {}\ndialect {}\nmax_frame {}\nrole {}\n", first_line, file.rule,
                                 file.manner.dialect == Dialect::plain ? "plain" : "tagged", file.manner.limit,
                                 file.parent ? "parent" : "child");
  for (const std::string& word : file.command) {
    if (word.find('\n') != std::string::npos)
      throw CaseError(fmt::format("{}: a word of the command has several lines", directory));
    text += fmt::format("word {}\n", word);
  }
  text += "\n" + steps;
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  const std::string path = std::filesystem::path(directory) /
                           fmt::format("{}-{:04x}.conversation", file.rule, std::hash<std::string>()(steps) & 0xffff);
  std::ofstream out(path, std::ios::binary);
  out << text;
  if (!out.flush()) throw CaseError(fmt::format("{}: cannot be written", path));
  return path;
}

CaseFile load_case(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path)) throw CaseError(fmt::format("{}: cannot be read", path));
  CaseFile file;
  int number = 0;
  std::string line;
  try {
    while (std::getline(in, line) && ++number) {
      if (number == 1 && line != first_line)
        throw fmt::format("not a saved conversation: its first line is not \"{}\"", first_line);
      if (number == 1) continue;
      if (line.empty()) break;
      const std::size_t blank = std::min(line.find(' '), line.size());
      read_key(file, std::string_view(line).substr(0, blank),
               blank < line.size() ? std::string_view(line).substr(blank + 1) : "");
    }
    if (number == 0) throw std::string("it is empty");
    if (file.rule.empty()) throw std::string("the rule is missing");
  } catch (const std::string& what) {
    throw CaseError(fmt::format("{}:{}: {}", path, std::max(1, number), what));
  }
  const std::string steps{std::istreambuf_iterator<char>(in), {}};
  try {
    file.conversation = parse_conversation(steps);
  } catch (const ConversationError& error) {
    const std::string_view what = error.what();  // "line 3: …" of the steps
    const std::size_t colon = what.find(':');
    int within = 0;
    std::from_chars(what.data() + 5, what.data() + colon, within);
    throw CaseError(fmt::format("{}:{}{}", path, number + within, what.substr(colon)));
  }
  if (file.conversation.steps.empty()) throw CaseError(fmt::format("{}:{}: the steps are missing", path, number));
  return file;
}

bool is_conversation_file(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  return std::getline(in, line) && line.starts_with("ffi-cts conversation");
}

}  // namespace ffi_cts::peer
