// Bindings and library skeletons from an interface file: one model, an emitter per language.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reference/bindgen/model.hpp"

namespace ffi_cts::bindgen {

struct File {
  std::string name;   // inside the output directory, without directories of its own
  std::string text;
  bool once = false;  // the author's from then on: never written over
};

// An emitter is a function of the model alone: the same interface gives the same files.
struct Language {
  std::string_view name;
  std::vector<File> (*emit)(const Model&);
};
std::span<const Language> languages();
std::string known_languages();  // "c, library"

// Into a directory, which is made if it is missing. Returns the paths of those written. Throws std::runtime_error.
std::vector<std::string> write_files(const std::vector<File>& files, const std::string& directory);

// Writes the files of one language likewise. Throws std::runtime_error, InterfaceError included, with one line: no schema, an
// unknown language, a place that cannot be written.
std::vector<std::string> generate(const std::string& interface_file, std::string_view language, const std::string& directory);

}  // namespace ffi_cts::bindgen
