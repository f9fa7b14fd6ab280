// What the tests of bindgen try its files with: a directory of their own, and the compilers that are there.
#pragma once

#include <string>
#include <vector>

namespace ffi_cts::bindgen {

class Directory {
 public:
  Directory();
  ~Directory();
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + '/' + name; }
  std::string write(const std::string& name, const std::string& text) const;  // returns its path

 private:
  std::string path_;
};

struct Outcome {
  int code = -1;
  std::string out;  // and what it said of errors
};
// A shell command.
Outcome run(const std::string& command);

std::string read_file(const std::string& path);
std::string testdata(const std::string& name);  // a path

// The bindings in C for an interface file, with its schema beside it.
void emit(const std::string& interface_file, const std::string& directory);

// The command of each compiler, C11 and C++20, with all warnings as errors; those that are not installed are left out.
struct Compiler {
  std::string name, command;
};
std::vector<Compiler> compilers();
// gcc as C11 under the address and undefined-behaviour sanitizers; `extra` behind it.
std::string sanitized(const std::string& source, const std::string& program, const std::string& include);

}  // namespace ffi_cts::bindgen
