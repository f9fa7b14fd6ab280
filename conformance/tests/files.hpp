// Files for a test: a directory of its own, and the built libraries.
#pragma once

#include <string>

namespace ffi_cts::tests {

// Made empty, and removed with all that is in it.
class Directory {
 public:
  Directory();
  ~Directory();
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + '/' + name; }
  // Writes a file there. Returns its path.
  std::string write(const std::string& name, const std::string& bytes) const;

 private:
  std::string path_;
};

// Throws std::runtime_error when it cannot be read.
std::string read_file(const std::string& path);

// "libprobe.so", "faulty/REQ-1_twice.so"
std::string library(const std::string& name);

// `text` with the one place that says `from` saying `to`. Throws std::logic_error unless there is such a place.
std::string changed(std::string text, const std::string& from, const std::string& to);

}  // namespace ffi_cts::tests
