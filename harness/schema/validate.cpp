// Is an item of a type?
#include <fmt/format.h>

#include <algorithm>

#include "harness/schema/schema.hpp"

namespace ffi_cts::schema {
namespace {

class Validator {
 public:
  Validator(const Schema& schema, bool open) : schema_(schema), open_(open) {}

  std::optional<std::string> at(const std::string& path, const Type& named, const Value& value) const {
    const Type& type = schema_.resolve(named);
    switch (type.kind) {
      case Kind::any: return std::nullopt;
      case Kind::map: return map(path, type, value);
      case Kind::list: return list(path, type, value);
      case Kind::choice: return choice(path, type, value);
      case Kind::text: return value.text() && in_range(type, value.text()->size()) ? std::nullopt : wrong(path, type, value);
      case Kind::bytes: return value.bytes() && in_range(type, value.bytes()->size()) ? std::nullopt : wrong(path, type, value);
      default: return scalar(type, value) ? std::nullopt : wrong(path, type, value);
    }
  }

 private:
  static bool in_range(const Type& type, std::size_t size) {
    return !type.range || (static_cast<std::uint64_t>(type.range->least) <= size && size <= static_cast<std::uint64_t>(type.range->most));
  }

  static bool scalar(const Type& type, const Value& value) {
    const auto* positive = std::get_if<std::uint64_t>(&value.data);
    const auto* negative = std::get_if<std::int64_t>(&value.data);
    switch (type.kind) {
      case Kind::integer:
        if (!type.range) return positive || negative;
        if (negative) return *negative >= type.range->least && *negative <= type.range->most;
        return positive && type.range->most >= 0 && *positive <= static_cast<std::uint64_t>(type.range->most) &&
               (type.range->least < 0 || *positive >= static_cast<std::uint64_t>(type.range->least));
      case Kind::unsigned_: return positive != nullptr;
      case Kind::negative: return negative != nullptr;
      case Kind::floating: return std::holds_alternative<double>(value.data);
      case Kind::boolean: return std::holds_alternative<bool>(value.data);
      case Kind::nil: return value.is_nil();
      case Kind::literal: return value == type.literal;
      default: return false;
    }
  }

  std::optional<std::string> wrong(const std::string& path, const Type& type, const Value& value) const {
    std::string due = in_words(schema_, type);
    if (type.range && type.kind != Kind::integer) due += fmt::format(" of {} to {} bytes", type.range->least, type.range->most);
    return fmt::format("{}: {} is due, not {}", path.empty() ? "the item" : path, due, to_text(value));
  }

  std::optional<std::string> map(const std::string& path, const Type& type, const Value& value) const {
    if (!value.map()) return wrong(path, type, value);
    const std::string prefix = path.empty() ? "" : path + ".";
    for (const Member& member : type.members) {
      const Value* found = value.find(member.key);
      if (!found && !member.optional) return fmt::format("{}{} is missing", prefix, member.key);
      if (!found) continue;
      if (auto inner = at(prefix + member.key, *member.type, *found)) return inner;
    }
    for (const auto& [key, ignored] : *value.map()) {
      const std::string* word = key.text();
      if (word && std::ranges::count_if(*value.map(), [&](const auto& pair) { return pair.first == key; }) > 1) return fmt::format("{}{} is there twice", prefix, *word);
      const bool known = word && std::ranges::any_of(type.members, [&](const Member& m) { return m.key == *word; });
      if (!known && !open_) return fmt::format("{}{} is no key of it", prefix, word ? *word : to_text(key));
    }
    return std::nullopt;
  }

  std::optional<std::string> list(const std::string& path, const Type& type, const Value& value) const {
    if (!value.list()) return wrong(path, type, value);
    const List& items = *value.list();
    if (!type.element && items.size() != type.options.size())
      return fmt::format("{}: {} items are due, not {}", path.empty() ? "the item" : path, type.options.size(), items.size());
    if (items.size() < type.fewest) return fmt::format("{}: the list is empty", path.empty() ? "the item" : path);
    for (std::size_t i = 0; i < items.size(); ++i)
      if (auto inner = at(fmt::format("{}[{}]", path, i), type.element ? *type.element : *type.options[i], items[i])) return inner;
    return std::nullopt;
  }

  // Where one alternative alone is of the item's kind, what is wrong inside of it says more.
  std::optional<std::string> choice(const std::string& path, const Type& type, const Value& value) const {
    std::optional<std::string> deeper;
    int alike = 0;
    for (const TypePtr& option : type.options) {
      auto inner = at(path, *option, value);
      if (!inner) return std::nullopt;
      const Kind kind = schema_.resolve(*option).kind;
      if ((kind == Kind::map && value.map()) || (kind == Kind::list && value.list())) {
        ++alike;
        deeper = inner;
      }
    }
    return alike == 1 ? deeper : wrong(path, type, value);
  }

  const Schema& schema_;
  bool open_;
};

}  // namespace

std::optional<std::string> mismatch_of(const Schema& schema, const Type& type, const Value& value, bool open) {
  return Validator(schema, open).at("", type, value);
}

}  // namespace ffi_cts::schema
