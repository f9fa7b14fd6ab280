#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "harness/schema/schema.hpp"

namespace ffi_cts::schema {
namespace {

// The types that every schema knows.
const std::map<std::string, TypePtr, std::less<>>& prelude() {
  static const auto types = [] {
    std::map<std::string, TypePtr, std::less<>> out;
    const std::pair<const char*, Kind> kinds[] = {
        {"tstr", Kind::text},        {"text", Kind::text},       {"bstr", Kind::bytes},       {"bytes", Kind::bytes},     {"int", Kind::integer},
        {"uint", Kind::unsigned_},   {"nint", Kind::negative},   {"float", Kind::floating},   {"float16", Kind::floating}, {"float32", Kind::floating},
        {"float64", Kind::floating}, {"bool", Kind::boolean},    {"nil", Kind::nil},          {"null", Kind::nil},        {"any", Kind::any}};
    for (const auto& [name, kind] : kinds) {
      auto type = std::make_shared<Type>();
      type->kind = kind;
      out.emplace(name, std::move(type));
    }
    return out;
  }();
  return types;
}

template <typename F>
void each_part(const Type& type, F f) {
  for (const Member& member : type.members) f(*member.type);
  for (const TypePtr& option : type.options) f(*option);
  if (type.element) f(*type.element);
}

}  // namespace

Kind kind_of_prelude(std::string_view name) {
  const auto found = prelude().find(name);
  return found == prelude().end() ? Kind::name : found->second->kind;
}

TypePtr Schema::find(std::string_view name) const {
  for (const auto& [rule, type] : rules_)
    if (rule == name) return type;
  const auto found = prelude().find(name);
  return found == prelude().end() ? nullptr : found->second;
}

const Type& Schema::resolve(const Type& type) const {
  const Type* out = &type;
  while (out->kind == Kind::name) out = find(out->name).get();
  return *out;
}

void Schema::check_names(const Type& type, const std::string& file) const {
  if (type.kind == Kind::name && !find(type.name))
    throw SchemaError(fmt::format("{}:{}: {} is {}", file, type.line, type.name, groups_.contains(type.name) ? "a group, no type" : "no type"));
  each_part(type, [&](const Type& part) { check_names(part, file); });
}

// Every name is one of a type, and none stands for nothing but itself. A type that holds itself must have an end: inside of a
// list, or of a member or choice that can do without.
void Schema::check(const std::string& file) const {
  for (const auto& [rule, type] : rules_) check_names(*type, file);
  for (const auto& [name, entries] : groups_)
    for (const Entry& entry : entries) check_names(*entry.type, file);

  std::vector<std::string> open;
  const std::function<void(const Type&)> ends = [&](const Type& type) {
    if (type.kind == Kind::name) {
      if (kind_of_prelude(type.name) != Kind::name && std::ranges::none_of(rules_, [&](const auto& r) { return r.first == type.name; })) return;
      if (std::ranges::find(open, type.name) != open.end()) throw SchemaError(fmt::format("{}:{}: {} holds itself without an end", file, type.line, type.name));
      open.push_back(type.name);
      ends(*find(type.name));
      open.pop_back();
      return;
    }
    for (const Member& member : type.members)
      if (!member.optional) ends(*member.type);
    if (type.kind == Kind::list) {
      for (const TypePtr& place : type.options) ends(*place);
      if (type.element && type.fewest > 0) ends(*type.element);
    }
    if (type.kind != Kind::choice) return;
    // One alternative that ends is enough.
    for (std::size_t i = 0; i < type.options.size(); ++i) {
      try {
        return ends(*type.options[i]);
      } catch (const SchemaError&) {
        if (i + 1 == type.options.size()) throw;
      }
    }
  };
  for (const auto& [rule, type] : rules_) {
    open = {rule};
    ends(*type);
  }
}

const Type* optional_of(const Schema& schema, const Type& type) {
  const Type& choice = schema.resolve(type);
  if (choice.kind != Kind::choice || choice.options.size() != 2) return nullptr;
  const Type& first = *choice.options[0];
  const Type& second = *choice.options[1];
  const bool first_nil = schema.resolve(first).kind == Kind::nil, second_nil = schema.resolve(second).kind == Kind::nil;
  if (first_nil == second_nil) return nullptr;
  return first_nil ? &second : &first;
}

bool is_text_enum(const Schema& schema, const Type& type) {
  const Type& choice = schema.resolve(type);
  if (choice.kind == Kind::literal) return choice.literal.text() != nullptr;
  return choice.kind == Kind::choice && std::ranges::all_of(choice.options, [&](const TypePtr& option) { return is_text_enum(schema, *option); });
}

std::string in_words(const Schema& schema, const Type& type) {
  const Type& resolved = schema.resolve(type);
  switch (resolved.kind) {
    case Kind::text: return "a text";
    case Kind::bytes: return "a byte string";
    case Kind::integer: return resolved.range ? fmt::format("a number from {} to {}", resolved.range->least, resolved.range->most) : "a whole number";
    case Kind::unsigned_: return "a whole number from 0 on";
    case Kind::negative: return "a negative whole number";
    case Kind::floating: return "a floating-point number";
    case Kind::boolean: return "true or false";
    case Kind::nil: return "null";
    case Kind::any: return "anything";
    case Kind::literal: return to_text(resolved.literal);
    case Kind::map: return "a map";
    case Kind::list: return "a list";
    case Kind::name: break;
    case Kind::choice: {
      std::string out;
      for (const TypePtr& option : resolved.options) out += (out.empty() ? "" : " or ") + in_words(schema, *option);
      return out;
    }
  }
  return type.name;
}

}  // namespace ffi_cts::schema
