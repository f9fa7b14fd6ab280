#include "harness/interface/table.hpp"

#include <algorithm>
#include <numeric>

namespace ffi_cts {
namespace {

// Edits between the two; letters that changed places count once, as the commonest slip.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, row(b.size() + 1), next(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    next[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      next[j + 1] = std::min({row[j] + (a[i] == b[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1});
      if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j]) next[j + 1] = std::min(next[j + 1], before[j - 1] + 1);
    }
    before = row;
    row = next;
  }
  return row.back();
}

}  // namespace

bool is_identifier(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !text.empty() && letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

std::string suggestion(std::string_view name, const std::vector<std::string>& known) {
  const std::string* nearest = nullptr;
  std::size_t best = std::max<std::size_t>(1, name.size() / 3) + 1;
  std::string all;
  for (const auto& candidate : known) {
    if (const std::size_t d = distance(name, candidate); d < best) best = d, nearest = &candidate;
    all += (all.empty() ? "" : ", ") + candidate;
  }
  if (nearest) return "; did you mean \"" + *nearest + "\"?";
  return known.empty() ? "; there is none" : "; known here: " + all;
}

Table::Table(const std::string& file, std::string path, const toml_tree::Node& node)
    : file_(&file), path_(std::move(path)), node_(&node) {}

std::string Table::join(std::string_view key) const {
  if (key.empty() || path_.empty()) return path_ + std::string(key);
  return path_ + "." + std::string(key);
}

const toml_tree::Entry* Table::find(std::string_view key) const {
  for (const auto& entry : entries()) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

void Table::fail(std::string_view key, std::string_view what) const {
  const auto* entry = find(key);
  toml_tree::fail(*file_, entry ? entry->line : line(), join(key), what);
}

void Table::wrong_type(const toml_tree::Entry& entry, std::string_view expected) const {
  fail(entry.key, "expected " + std::string(expected) + ", found " + std::string(toml_tree::type_name(entry.value)));
}

void Table::only(std::initializer_list<std::string_view> known) const {
  for (const auto& entry : entries()) {
    if (std::find(known.begin(), known.end(), entry.key) == known.end())
      fail(entry.key, "unknown key" + suggestion(entry.key, {known.begin(), known.end()}));
  }
}

std::optional<std::string> Table::optional_text(std::string_view key) const {
  const auto* entry = find(key);
  if (!entry) return std::nullopt;
  if (!entry->value.text()) wrong_type(*entry, "a string");
  return *entry->value.text();
}

std::optional<std::string> Table::optional_nonempty_text(std::string_view key) const {
  auto value = optional_text(key);
  if (value && value->empty()) fail(key, "must not be empty");
  return value;
}

std::string Table::text(std::string_view key) const {
  auto value = optional_nonempty_text(key);
  if (!value) fail(key, "missing");
  return *std::move(value);
}

std::string Table::identifier(std::string_view key) const {
  auto value = text(key);
  if (!is_identifier(value)) fail(key, "\"" + value + "\" cannot be part of a C symbol");
  return value;
}

bool Table::boolean(std::string_view key, bool otherwise) const {
  const auto* entry = find(key);
  if (!entry) return otherwise;
  const auto* value = std::get_if<bool>(&entry->value.data);
  if (!value) wrong_type(*entry, "true or false");
  return *value;
}

std::optional<int> Table::integer(std::string_view key, int least, int most) const {
  const auto* entry = find(key);
  if (!entry) return std::nullopt;
  const auto* value = std::get_if<std::int64_t>(&entry->value.data);
  if (!value) wrong_type(*entry, "an integer");
  if (*value < least || *value > most)
    fail(key, std::to_string(*value) + " is outside " + std::to_string(least) + " to " + std::to_string(most));
  return static_cast<int>(*value);
}

std::optional<Table> Table::table(std::string_view key) const {
  const auto* entry = find(key);
  if (!entry) return std::nullopt;
  if (!entry->value.entries()) wrong_type(*entry, "a table");
  return Table(*file_, join(key), entry->value);
}

std::vector<Table> Table::tables(std::string_view key) const {
  std::vector<Table> out;
  const auto* entry = find(key);
  if (!entry) return out;
  if (!entry->value.array()) wrong_type(*entry, "an array of tables ([[" + join(key) + "]])");
  for (const auto& item : *entry->value.array()) {
    if (!item.entries())
      toml_tree::fail(*file_, item.line, join(key),
                      "expected a table, found " + std::string(toml_tree::type_name(item)));
    Table table(*file_, join(key), item);
    if (const auto* name = table.find("name"); name && name->value.text() && !name->value.text()->empty())
      table.path_ += "." + *name->value.text();
    out.push_back(std::move(table));
  }
  return out;
}

}  // namespace ffi_cts
