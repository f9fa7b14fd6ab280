#include "harness/interface/toml_tree.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include <toml++/toml.h>

#include "harness/interface/interface.hpp"

namespace ffi_cts::toml_tree {
namespace {

int line_of(const toml::source_region& source) {
  return source.begin.line > 0 ? static_cast<int>(source.begin.line) : 1;
}

std::string iso(const toml::date& date) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", static_cast<int>(date.year), static_cast<int>(date.month),
                static_cast<int>(date.day));
  return text.data();
}

struct Converter {
  const std::string& file;
  Dates dates;

  Node convert(const toml::node& node, const std::string& path, int line) const {
    Node out;
    // A table that only its children imply has no place of its own: the line above it serves.
    out.line = node.source().begin.line > 0 ? line_of(node.source()) : line;
    if (const auto* text = node.as_string()) out.data = text->get();
    else if (const auto* number = node.as_integer()) out.data = static_cast<std::int64_t>(number->get());
    else if (const auto* real = node.as_floating_point()) out.data = real->get();
    else if (const auto* truth = node.as_boolean()) out.data = truth->get();
    else if (const auto* array = node.as_array()) out.data = convert_array(*array, path, out.line);
    else if (const auto* table = node.as_table()) out.data = convert_table(*table, path, out.line);
    else if (const auto* date = node.as_date(); date && dates == Dates::as_text) out.data = iso(date->get());
    else fail(file, out.line, path, dates == Dates::as_text ? "times have no use here" : "dates and times have no use here");
    return out;
  }

  Array convert_array(const toml::array& array, const std::string& path, int line) const {
    Array out;
    for (const auto& item : array) out.push_back(convert(item, path, line));
    return out;
  }

  Entries convert_table(const toml::table& table, const std::string& path, int line) const {
    Entries out;
    std::vector<std::pair<toml::source_position, std::size_t>> order;
    for (const auto& [key, value] : table) {
      const std::string name(key.str());
      order.emplace_back(key.source().begin, out.size());
      out.push_back({name, line_of(key.source()), convert(value, path.empty() ? name : path + "." + name, line)});
    }
    // toml++ sorts keys by name; messages and request maps follow the file instead.
    std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    Entries sorted;
    for (const auto& [position, index] : order) sorted.push_back(std::move(out[index]));
    return sorted;
  }
};

}  // namespace

void fail(const std::string& file, int line, std::string_view key, std::string_view what) {
  std::string message = file + ":" + std::to_string(line) + ": ";
  message.append(key).append(": ").append(what);
  std::replace(message.begin(), message.end(), '\n', ' ');
  throw InterfaceError(message);
}

Node parse(std::string_view text, const std::string& file, Dates dates) {
  try {
    return Converter{file, dates}.convert(toml::parse(text), "", 1);
  } catch (const toml::parse_error& error) {
    fail(file, line_of(error.source()), "TOML", error.description());
  }
}

std::string_view type_name(const Node& node) {
  constexpr std::array<std::string_view, 6> names = {"true or false", "an integer", "a float",
                                                     "a string",      "an array",   "a table"};
  return names[node.data.index()];
}

Value to_value(const Node& node) {
  if (const auto* entries = node.entries()) {
    Map map;
    for (const auto& entry : *entries) map.emplace_back(Value(entry.key), to_value(entry.value));
    return map;
  }
  if (const auto* array = node.array()) {
    List list;
    for (const auto& item : *array) list.push_back(to_value(item));
    return list;
  }
  if (const auto* text = node.text()) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&node.data)) return *number;
  if (const auto* real = std::get_if<double>(&node.data)) return *real;
  return std::get<bool>(node.data);
}

}  // namespace ffi_cts::toml_tree
