// What the codec knows of C++ types, and the checks that a structure's fields can name: ranges, sizes, text enums. They
// hold for a value however it came in, as CBOR or as a C struct.
#pragma once

#include "reference/cbor/cbor.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <type_traits>
#include <utility>
#include <variant>

namespace ffi_cts::cbor {

// One item of any type, well-formed, as its bytes. Empty: null.
struct Any {
  Bytes item;
  bool operator==(const Any&) const = default;
};

constexpr std::size_t most_fields = 256;  // of one structure

struct AnyField {
  void operator()(std::string_view, auto&, const auto&...) const {}
};
template <class T>
concept Structure = requires(T& value) { T::fields(value, AnyField{}); };

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_choice = false;
template <class... T>
inline constexpr bool is_choice<std::variant<T...>> = true;
template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = !std::same_as<T, std::uint8_t>;

// What an item of that C++ type begins as.
template <class T>
constexpr Shape shape_of() {
  if (std::same_as<T, std::string>) return Shape::text;
  if (std::same_as<T, Bytes>) return Shape::bytes;
  if (std::same_as<T, bool>) return Shape::boolean;
  if (std::integral<T>) return Shape::integer;
  if (std::floating_point<T>) return Shape::real;
  if (std::same_as<T, std::nullptr_t>) return Shape::null;
  return is_list<T> ? Shape::list : Shape::map;
}

// "'name' is missing": what an error says of a field.
inline std::string in(std::string_view name, std::string_view what, std::string_view between = " ") {
  return "'" + std::string(name) + "'" + std::string(between) + std::string(what);
}

// --- checks -------------------------------------------------------------------------------------------------------

// Says of an optional that, where it has no value, it is null and not left out.
struct OrNull {};
inline constexpr OrNull or_null;

template <std::size_t n>
struct OneOf {
  std::array<std::string_view, n> texts;
  void operator()(const std::string& value) const {
    if (std::ranges::find(texts, value) == texts.end()) throw Error("'" + value.substr(0, 100) + "' is none of the choices");
  }
};
constexpr auto one_of(std::convertible_to<std::string_view> auto... texts) {
  return OneOf<sizeof...(texts)>{{std::string_view(texts)...}};
}

// Of integers; both ends included.
struct Between {
  std::int64_t least, most;
  template <std::integral Integer>
    requires(!std::same_as<Integer, bool>)
  void operator()(Integer value) const {
    if (std::cmp_greater_equal(value, least) && std::cmp_less_equal(value, most)) return;
    throw Error("it is not between " + std::to_string(least) + " and " + std::to_string(most));
  }
};
constexpr Between between(std::int64_t least, std::int64_t most) { return {least, most}; }

struct Exactly {
  bool due;
  void operator()(std::same_as<bool> auto value) const {
    if (value != due) throw Error(due ? "it is not true" : "it is not false");
  }
};
constexpr Exactly exactly(bool due) { return {due}; }

// Of a text or byte string, in bytes.
struct Sized {
  std::uint64_t least, most;
  void check(std::size_t size) const {
    if (size < least || size > most) throw Error("its size is not between " + std::to_string(least) + " and " + std::to_string(most));
  }
  void operator()(const std::string& value) const { check(value.size()); }
  void operator()(const Bytes& value) const { check(value.size()); }
};
constexpr Sized sized(std::uint64_t least, std::uint64_t most) { return {least, most}; }

struct AtLeast {
  std::size_t items;
  template <class T>
    requires is_list<std::vector<T>>
  void operator()(const std::vector<T>& value) const {
    if (value.size() < items) throw Error("fewer than " + std::to_string(items) + " items");
  }
};
constexpr AtLeast at_least(std::size_t items) { return {items}; }

// A check concerns the values that it can be called with, also those in optionals, lists and choices.
template <class Check, class T>
void apply(const Check& check, const T& value) {
  if constexpr (std::invocable<const Check&, const T&>) {
    check(value);
  } else if constexpr (is_optional<T>) {
    if (value) apply(check, *value);
  } else if constexpr (is_choice<T>) {
    std::visit([&](const auto& chosen) { apply(check, chosen); }, value);
  } else if constexpr (is_list<T>) {
    for (const auto& item : value) apply<Check, typename T::value_type>(check, item);
  }
}

// All checks of all fields. Throws Error, which names the field.
template <class T>
void check(const T& value) {
  if constexpr (Structure<T>) {
    T::fields(value, [](std::string_view name, const auto& field, const auto&... checks) {
      try {
        (apply(checks, field), ...);
        check(field);
      } catch (const Error& error) {
        throw Error(in(name, error.what(), ": "));
      }
    });
  } else if constexpr (is_optional<T>) {
    if (value) check(*value);
  } else if constexpr (is_choice<T>) {
    std::visit([](const auto& chosen) { check(chosen); }, value);
  } else if constexpr (is_list<T>) {
    for (const auto& item : value) check<typename T::value_type>(item);
  }
}

}  // namespace ffi_cts::cbor
