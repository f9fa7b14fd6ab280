#include "conformance/tests/files.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace ffi_cts::tests {

Directory::Directory() : path_((std::filesystem::temp_directory_path() / "ffi-cts-test-XXXXXX").string()) {
  if (!mkdtemp(path_.data())) throw std::system_error(errno, std::generic_category(), path_);
}

Directory::~Directory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Directory::write(const std::string& name, const std::string& bytes) const {
  std::ofstream out(file(name), std::ios::binary);
  out << bytes;
  if (!out.flush()) throw std::runtime_error(file(name) + ": cannot be written");
  return file(name);
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error(path + ": cannot be read");
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string library(const std::string& name) {
  return std::string(FFI_CTS_LIB_DIR "/") + name;
}

std::string changed(std::string text, const std::string& from, const std::string& to) {
  std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::logic_error("no such place: " + from);
  return text.replace(at, from.size(), to);
}

}  // namespace ffi_cts::tests
