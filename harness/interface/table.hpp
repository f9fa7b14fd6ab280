// One table of an interface file, read key by key. Each mistake throws InterfaceError with the place it was made at.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/interface/interface.hpp"
#include "harness/interface/toml_tree.hpp"

namespace ffi_cts {

// `; did you mean "echo"?` where one of `known` is near, otherwise `; known here: a, b`.
std::string suggestion(std::string_view name, const std::vector<std::string>& known);

class Table {
 public:
  // The tree must outlive the table.
  Table(const std::string& file, std::string path, const toml_tree::Node& node);

  const std::string& path() const { return path_; }
  int line() const { return node_->line; }
  const toml_tree::Entries& entries() const { return *node_->entries(); }
  const toml_tree::Entry* find(std::string_view key) const;

  void only(std::initializer_list<std::string_view> known) const;  // any other key is a mistake

  std::string text(std::string_view key) const;  // required, not empty
  std::optional<std::string> optional_text(std::string_view key) const;
  std::optional<std::string> optional_nonempty_text(std::string_view key) const;
  bool boolean(std::string_view key, bool otherwise) const;
  std::optional<int> integer(std::string_view key, int least, int most) const;
  std::string identifier(std::string_view key) const;  // required, becomes a part of a symbol
  std::optional<Table> table(std::string_view key) const;
  std::vector<Table> tables(std::string_view key) const;  // [[key]]; each is called path.key.<its name> in messages

  [[noreturn]] void fail(std::string_view key, std::string_view what) const;  // at the key, or at the table without it
  std::string join(std::string_view key) const;

 private:
  [[noreturn]] void wrong_type(const toml_tree::Entry& entry, std::string_view expected) const;

  const std::string* file_;
  std::string path_;
  const toml_tree::Node* node_;
};

bool is_identifier(std::string_view text);

}  // namespace ffi_cts
