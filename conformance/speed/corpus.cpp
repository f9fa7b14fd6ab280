#include "conformance/speed/corpus.hpp"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

#include "harness/program/text.hpp"

namespace ffi_cts::speed {

std::vector<Program> read_corpus(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(fmt::format("{}: no such file, or it cannot be read", file));
  std::vector<Program> programs;
  std::string text;
  auto take = [&] {
    try {
      programs.push_back(parse_program(text));
    } catch (const ProgramError& error) {
      throw std::runtime_error(fmt::format("{}: program {}: {}", file, programs.size() + 1, error.what()));
    }
    text.clear();
  };
  for (std::string line; std::getline(in, line);) {
    if (line == "---") take();
    else text += line + '\n';
  }
  take();
  return programs;
}

void write_corpus(const std::string& file, const std::vector<Program>& programs, const std::string& heading) {
  std::ofstream out(file);
  out << heading;
  for (std::size_t i = 0; i < programs.size(); ++i) out << (i ? "---\n" : "") << to_text(programs[i]);
  if (!out.flush()) throw std::runtime_error(fmt::format("{}: cannot be written", file));
}

}  // namespace ffi_cts::speed
