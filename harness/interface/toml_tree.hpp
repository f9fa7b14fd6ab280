// A TOML file as a tree with line numbers, in the order written. It keeps toml++, which is slow to compile, in one file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/value/value.hpp"

namespace ffi_cts::toml_tree {

struct Node;
struct Entry;
using Array = std::vector<Node>;
using Entries = std::vector<Entry>;

struct Node {
  int line = 1;
  std::variant<bool, std::int64_t, double, std::string, Array, Entries> data;

  const std::string* text() const { return std::get_if<std::string>(&data); }
  const Array* array() const { return std::get_if<Array>(&data); }
  const Entries* entries() const { return std::get_if<Entries>(&data); }
};

struct Entry {
  std::string key;
  int line = 1;
  Node value;
};

// What is made of a TOML date: nothing, or the text "2026-12-31".
enum class Dates : std::uint8_t { refused, as_text };

// Throws InterfaceError.
Node parse(std::string_view text, const std::string& file, Dates dates = Dates::refused);

std::string_view type_name(const Node& node);  // "a string", "an array", …
Value to_value(const Node& node);

// Throws InterfaceError "file:line: key: what".
[[noreturn]] void fail(const std::string& file, int line, std::string_view key, std::string_view what);

}  // namespace ffi_cts::toml_tree
