#include "reference/bindgen/trial.hpp"

#include <stdlib.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "reference/bindgen/bindgen.hpp"

namespace ffi_cts::bindgen {
namespace {

const std::string warnings = " -Wall -Wextra -Wconversion -Wshadow -Wpedantic -Werror ";

}  // namespace

Directory::Directory() {
  std::string path = (std::filesystem::temp_directory_path() / "ffi-cts-bindgen-XXXXXX").string();
  if (!mkdtemp(path.data())) throw std::runtime_error(path + ": cannot be made");
  path_ = path;
}

Directory::~Directory() { std::filesystem::remove_all(path_); }

std::string Directory::write(const std::string& name, const std::string& text) const {
  std::ofstream out(file(name), std::ios::binary);
  out << text;
  if (!out.flush()) throw std::runtime_error(file(name) + ": cannot be written");
  return file(name);
}

Outcome run(const std::string& command) {
  Outcome out;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (!pipe) throw std::runtime_error(command + ": cannot be run");
  char buffer[4096];
  for (std::size_t got; (got = fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.out.append(buffer, got);
  const int status = pclose(pipe);
  out.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return out;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error(path + ": cannot be read");
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string testdata(const std::string& name) { return FFI_CTS_SOURCE_DIR "/reference/bindgen/testdata/" + name; }

void emit(const std::string& interface_file, const std::string& directory) { generate(interface_file, "c", directory); }

std::vector<Compiler> compilers() {
  const Compiler all[] = {{"gcc", "gcc -std=c11 -x c"}, {"clang", "clang -std=c11 -x c"}, {"g++", "g++ -std=c++20 -x c++"}, {"clang++", "clang++ -std=c++20 -x c++"}};
  std::vector<Compiler> out;
  for (const Compiler& one : all)
    if (run("command -v " + one.name).code == 0) out.push_back({one.name, one.command + warnings});
  return out;
}

std::string sanitized(const std::string& source, const std::string& program, const std::string& include) {
  return "gcc -std=c11 -g" + warnings + "-fsanitize=address,undefined -fno-sanitize-recover=all -I" + include + " " + source + " -o " + program;
}

}  // namespace ffi_cts::bindgen
