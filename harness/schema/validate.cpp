// Is an item of a type?
#include <fmt/format.h>

#include <algorithm>

#include "harness/schema/schema.hpp"

namespace ffi_cts::schema {
namespace {

// Where something is wrong, and what: "items[2].name" and ": a text is due, not 5". The path is put together on the way out, so
// that an item of its type costs no text.
struct Wrong {
  std::string path, what;

  Wrong within(std::string place) && {
    if (!path.empty() && path[0] != '[') place += '.';
    path = std::move(place) + path;
    return std::move(*this);
  }
};
using Found = std::optional<Wrong>;

class Validator {
 public:
  Validator(const Schema& schema, bool open) : schema_(schema), open_(open) {}

  Found at(const Type& named, const Value& value) const {
    const Type& type = schema_.resolve(named);
    switch (type.kind) {
      case Kind::any: return std::nullopt;
      case Kind::map: return map(type, value);
      case Kind::list: return list(type, value);
      case Kind::choice: return choice(type, value);
      case Kind::text: return value.text() && in_range(type, value.text()->size()) ? std::nullopt : wrong(type, value);
      case Kind::bytes: return value.bytes() && in_range(type, value.bytes()->size()) ? std::nullopt : wrong(type, value);
      default: return scalar(type, value) ? std::nullopt : wrong(type, value);
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

  Found wrong(const Type& type, const Value& value) const {
    std::string due = in_words(schema_, type);
    if (type.range && type.kind != Kind::integer) due += fmt::format(" of {} to {} bytes", type.range->least, type.range->most);
    return Wrong{"", fmt::format(": {} is due, not {}", due, to_text(value))};
  }

  Found map(const Type& type, const Value& value) const {
    if (!value.map()) return wrong(type, value);
    for (const Member& member : type.members) {
      const Value* found = value.find(member.key);
      if (!found && !member.optional) return Wrong{member.key, " is missing"};
      if (!found) continue;
      if (auto inner = at(*member.type, *found)) return std::move(*inner).within(member.key);
    }
    const Map& pairs = *value.map();
    for (auto pair = pairs.begin(); pair != pairs.end(); ++pair) {
      const std::string* word = pair->first.text();
      const auto same = [&](const auto& other) { return other.first.text() && *other.first.text() == *word; };
      if (word && std::any_of(pair + 1, pairs.end(), same)) return Wrong{*word, " is there twice"};
      if (open_) continue;
      if (!word || std::ranges::find(type.members, *word, &Member::key) == type.members.end())
        return Wrong{word ? *word : to_text(pair->first), " is no key of it"};
    }
    return std::nullopt;
  }

  Found list(const Type& type, const Value& value) const {
    if (!value.list()) return wrong(type, value);
    const List& items = *value.list();
    if (!type.element && items.size() != type.options.size())
      return Wrong{"", fmt::format(": {} items are due, not {}", type.options.size(), items.size())};
    if (items.size() < type.fewest) return Wrong{"", ": the list is empty"};
    for (std::size_t i = 0; i < items.size(); ++i)
      if (auto inner = at(type.element ? *type.element : *type.options[i], items[i])) return std::move(*inner).within(fmt::format("[{}]", i));
    return std::nullopt;
  }

  // Where one alternative alone is of the item's kind, what is wrong inside of it says more.
  Found choice(const Type& type, const Value& value) const {
    Found deeper;
    int alike = 0;
    for (const TypePtr& option : type.options) {
      auto inner = at(*option, value);
      if (!inner) return std::nullopt;
      const Kind kind = schema_.resolve(*option).kind;
      if ((kind == Kind::map && value.map()) || (kind == Kind::list && value.list())) {
        ++alike;
        deeper = std::move(inner);
      }
    }
    return alike == 1 ? deeper : wrong(type, value);
  }

  const Schema& schema_;
  bool open_;
};

}  // namespace

std::optional<std::string> mismatch_of(const Schema& schema, const Type& type, const Value& value, bool open) {
  const Found found = Validator(schema, open).at(type, value);
  if (!found) return std::nullopt;
  return (found->path.empty() ? "the item" : found->path) + found->what;
}

}  // namespace ffi_cts::schema
