#include "reference/bindgen/bindgen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace ffi_cts::bindgen {
namespace {

const Language& language_named(std::string_view name) {
  const auto all = languages();
  const auto found = std::ranges::find(all, name, &Language::name);
  if (found == all.end()) throw std::runtime_error(fmt::format("{}: no such language (there are: {})", name, known_languages()));
  return *found;
}

void write(const std::filesystem::path& path, const File& file) {
  std::ofstream out(path, std::ios::binary);
  out << file.text;
  if (!out.flush()) throw std::runtime_error(fmt::format("{}: cannot be written", path.string()));
}

}  // namespace

std::string known_languages() {
  std::string out;
  for (const Language& language : languages()) out += (out.empty() ? "" : ", ") + std::string(language.name);
  return out;
}

std::vector<std::string> write_files(const std::vector<File>& files, const std::string& directory) {
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed) throw std::runtime_error(fmt::format("{}: cannot be written: {}", directory, failed.message()));
  std::vector<std::string> out;
  for (const File& file : files) {
    const std::filesystem::path path = std::filesystem::path(directory) / file.name;
    if (file.once && std::filesystem::exists(path)) continue;
    write(path, file);
    out.push_back(path.string());
  }
  return out;
}

std::vector<std::string> generate(const std::string& interface_file, std::string_view language, const std::string& directory) {
  const Language& chosen = language_named(language);
  const Interface interface = load_interface(interface_file);
  if (!interface.schema) throw InterfaceError(fmt::format("{}: library.schema: bindings need types, and no schema is named", interface_file));
  return write_files(chosen.emit(Model(interface)), directory);
}

}  // namespace ffi_cts::bindgen
