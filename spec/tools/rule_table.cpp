// ffi_cts_rule_table OUT_HEADER CHAPTER.md...
//
// Reads the chapters of the spec and writes OUT_HEADER, and the source file of the same name with the extension .cpp
// beside it. A chapter that is not as it should be ends it with `file:line: what is wrong` and status 1, and nothing is
// written; so a malformed rule fails the build.
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <span>

#include "chapter_reader.hpp"
#include "table_writer.hpp"

namespace {

using namespace ffi_cts::spec::tools;

std::optional<std::string> contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

bool write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) std::cerr << path.string() << ":1: cannot be written\n";
  return static_cast<bool>(file);
}

Reading read_all(std::span<char*> paths) {
  Reading reading;
  for (const std::string path : paths) {
    if (const auto text = contents(path)) {
      read_chapter(path, *text, reading);
    } else {
      reading.complaints.push_back({path, 1, "cannot be read"});
    }
  }
  finish(reading);
  if (reading.complaints.empty() && reading.rules.empty())
    reading.complaints.push_back({paths.front(), 1, "no rule at all"});
  return reading;
}

int run(std::span<char*> arguments) {
  if (arguments.size() < 3) {
    std::cerr << "usage: ffi_cts_rule_table OUT_HEADER CHAPTER.md...\n";
    return 1;
  }
  const std::filesystem::path header = arguments[1];
  const Reading reading = read_all(arguments.subspan(2));
  for (const auto& complaint : reading.complaints) std::cerr << complaint.text() << '\n';
  if (!reading.complaints.empty()) return 1;
  auto source = header;
  source.replace_extension(".cpp");
  const bool written = write(header, header_text(reading.rules)) &&
                       write(source, source_text(reading.rules, header.filename().string()));
  return written ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv, static_cast<std::size_t>(argc)});
  } catch (const std::exception& error) {
    std::cerr << "ffi_cts_rule_table: " << error.what() << '\n';
    return 1;
  }
}
