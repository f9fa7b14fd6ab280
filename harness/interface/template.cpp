#include "harness/interface/template.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/interface/table.hpp"

namespace ffi_cts {
namespace {

struct Part {
  enum class Kind { literal, placeholder, lone_dollar } kind;
  std::string text;  // a placeholder without its dollar: "text", "ctor.config.name"
};

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string read_name(const std::string& tmpl, std::size_t& at) {
  const std::size_t start = at;
  while (at < tmpl.size() && is_name_char(tmpl[at])) ++at;
  std::string name = tmpl.substr(start, at - start);
  // Only $ctor has a path. A dot that no name follows ends a sentence.
  while (name.starts_with("ctor") && at + 1 < tmpl.size() && tmpl[at] == '.' && is_name_char(tmpl[at + 1])) {
    name += tmpl[at++];
    while (at < tmpl.size() && is_name_char(tmpl[at])) name += tmpl[at++];
  }
  return name;
}

std::vector<Part> parts_of(const std::string& tmpl) {
  std::vector<Part> out;
  const auto literal = [&](std::string text) {
    if (out.empty() || out.back().kind != Part::Kind::literal) out.push_back({Part::Kind::literal, {}});
    out.back().text += text;
  };
  for (std::size_t at = 0; at < tmpl.size();) {
    if (tmpl[at] != '$') {
      const std::size_t end = std::min(tmpl.find('$', at), tmpl.size());
      literal(tmpl.substr(at, end - at));
      at = end;
    } else if (tmpl.compare(at, 2, "$$") == 0) {
      literal("$");
      at += 2;
    } else if (at + 1 < tmpl.size() && is_name_char(tmpl[at + 1])) {
      out.push_back({Part::Kind::placeholder, read_name(tmpl, ++at)});
    } else {
      out.push_back({Part::Kind::lone_dollar, "$"});
      ++at;
    }
  }
  return out;
}

const Value* at_path(const Value& root, std::string_view path) {
  const Value* here = &root;
  while (here && !path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    here = here->find(path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return here;
}

std::optional<Value> value_of(const std::string& name, const Arguments& arguments) {
  if (name == "text") return Value(arguments.text);
  if (name == "bytes") return Value(arguments.bytes);
  if (name == "ms") return Value(arguments.ms);
  if (name == "count") return Value(arguments.count);
  if (name == "nil") return Value(Nil{});
  if (name == "answer") return arguments.answer ? std::optional<Value>(*arguments.answer) : std::nullopt;
  if (name.starts_with("ctor.")) {
    const Value* found = at_path(arguments.ctor, std::string_view(name).substr(5));
    return found ? std::optional<Value>(*found) : std::nullopt;
  }
  return Value("$" + name);  // loading refuses it; shown as it is written
}

std::optional<long double> number_of(const Value& value) {
  // A long double holds every 64-bit integer and every double exactly on the machines that we know.
  if (const auto* u = std::get_if<std::uint64_t>(&value.data)) return static_cast<long double>(*u);
  if (const auto* i = std::get_if<std::int64_t>(&value.data)) return static_cast<long double>(*i);
  if (const auto* d = std::get_if<double>(&value.data)) return static_cast<long double>(*d);
  return std::nullopt;
}

bool same_scalar(const Value& pattern, const Value& seen) {
  const auto a = number_of(pattern), b = number_of(seen);
  if (a && b) return *a == *b || (std::isnan(*a) && std::isnan(*b));
  return pattern == seen;
}

std::string difference(const std::string& path, const std::string& expected, const std::string& seen) {
  return (path.empty() ? "" : path + ": ") + "expected " + expected + ", seen " + seen;
}

const Value* member(const Map& map, const Value& key) {
  for (const auto& [name, value] : map) {
    if (same_scalar(key, name)) return &value;
  }
  return nullptr;
}

std::optional<std::string> mismatch_at(const std::string& path, const Value& pattern, const Value& seen) {
  if (pattern.map() && seen.map()) {
    for (const auto& [key, expected] : *pattern.map()) {
      const std::string name = key.text() ? *key.text() : to_text(key);
      const std::string inner = path.empty() ? name : path + "." + name;
      const Value* found = member(*seen.map(), key);
      if (!found) return difference(inner, to_text(expected), "nothing");
      if (auto wrong = mismatch_at(inner, expected, *found)) return wrong;
    }
    return std::nullopt;
  }
  if (pattern.list() && seen.list()) {
    const List &expected = *pattern.list(), &found = *seen.list();
    if (expected.size() != found.size())
      return difference(path, "a list of " + std::to_string(expected.size()), "one of " + std::to_string(found.size()));
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (auto wrong = mismatch_at(path + "[" + std::to_string(i) + "]", expected[i], found[i])) return wrong;
    }
    return std::nullopt;
  }
  if (same_scalar(pattern, seen)) return std::nullopt;
  return difference(path, to_text(pattern), to_text(seen));
}

}  // namespace

std::optional<std::string> instantiate_text(const std::string& tmpl, const Arguments& arguments) {
  if (tmpl.find('$') == std::string::npos) return tmpl;
  std::string out;
  for (const auto& part : parts_of(tmpl)) {
    if (part.kind != Part::Kind::placeholder) {
      out += part.text;
      continue;
    }
    const auto value = value_of(part.text, arguments);
    if (!value) return std::nullopt;
    if (value->text()) out += *value->text();
    else if (number_of(*value) || std::holds_alternative<bool>(value->data)) out += to_text(*value);
    else return std::nullopt;  // bytes, null, lists and maps have no place inside a text
  }
  return out;
}

std::optional<Value> instantiate(const Value& tmpl, const Arguments& arguments) {
  if (const auto* text = tmpl.text()) {
    if (text->starts_with('$')) {
      const auto parts = parts_of(*text);
      if (parts.size() == 1 && parts[0].kind == Part::Kind::placeholder) return value_of(parts[0].text, arguments);
    }
    auto replaced = instantiate_text(*text, arguments);
    return replaced ? std::optional<Value>(*std::move(replaced)) : std::nullopt;
  }
  if (const auto* list = tmpl.list()) {
    List out;
    out.reserve(list->size());
    for (const auto& item : *list) {
      auto replaced = instantiate(item, arguments);
      if (!replaced) return std::nullopt;
      out.push_back(*std::move(replaced));
    }
    return out;
  }
  if (const auto* map = tmpl.map()) {
    Map out;
    out.reserve(map->size());
    for (const auto& [key, value] : *map) {
      auto replaced = instantiate(value, arguments);
      if (!replaced) return std::nullopt;
      out.emplace_back(key, *std::move(replaced));
    }
    return out;
  }
  return tmpl;
}

std::optional<std::string> mismatch(const Value& pattern, const Value& seen) { return mismatch_at("", pattern, seen); }

bool holds(const Value& tmpl, std::string_view placeholder) {
  const auto is_it = [&](const Part& part) { return part.kind == Part::Kind::placeholder && part.text == placeholder; };
  if (const auto* text = tmpl.text()) return text->find('$') != std::string::npos && std::ranges::any_of(parts_of(*text), is_it);
  if (const auto* list = tmpl.list()) return std::ranges::any_of(*list, [&](const Value& item) { return holds(item, placeholder); });
  if (const auto* map = tmpl.map()) return std::ranges::any_of(*map, [&](const auto& pair) { return holds(pair.second, placeholder); });
  return false;
}

std::optional<std::string> placeholder_mistake(const std::string& tmpl, PlaceholderScope scope) {
  const auto parts = parts_of(tmpl);
  for (const auto& [kind, name] : parts) {
    if (kind == Part::Kind::lone_dollar) return "a dollar is written $$";
    if (kind != Part::Kind::placeholder) continue;
    const bool whole = scope.whole && parts.size() == 1;
    if (name == "text" || name == "ms" || name == "count") continue;
    if (name == "bytes" || name == "nil") {
      if (!whole) return "$" + name + " cannot stand inside a text";
    } else if (name == "answer") {
      if (!scope.answer) return "$answer is known only in the reply and error of call_host";
    } else if (name.starts_with("ctor.")) {
      if (!scope.ctor) return "$ctor is not known in what the constructor is given";
    } else if (name == "ctor") {
      return "$ctor needs a path, as in $ctor.config.name";
    } else {
      return "unknown placeholder $" + name +
             suggestion("$" + name, {"$text", "$bytes", "$ms", "$count", "$nil", "$answer", "$ctor"});
    }
  }
  return std::nullopt;
}

}  // namespace ffi_cts
