// The codec that turns requests into structures and structures into replies, item by item as they are read. A structure
// names its fields once, with what its values have to satisfy beyond their type:
//
//   struct EchoRequest {
//     std::string text;
//     std::optional<std::int64_t> delay;   // may be absent or null
//     std::string mode;
//     static void fields(auto& self, auto&& field) {
//       field("text", self.text);
//       field("delayMs", self.delay);
//       field("mode", self.mode, cbor::one_of("fast", "slow"));
//     }
//   };
//
// Rules: REQ-8, PAY-5, PAY-6, PAY-12.
#pragma once

#include "reference/cbor/cbor.hpp"
#include "reference/cbor/checks.hpp"

#include <bitset>

namespace ffi_cts::cbor {

// --- reading ------------------------------------------------------------------------------------------------------

template <class T>
void read(Reader& reader, T& value);

template <class T>
void read_field(Reader& reader, std::string_view name, T& field) {
  try {
    read(reader, field);
  } catch (const Error& error) {
    throw Error(in(name, error.what(), ": "));
  }
}

template <Structure T>
void read_structure(Reader& reader, T& value) {
  std::bitset<most_fields> seen;
  std::string joined;
  auto entries = reader.map();
  std::string_view key;
  bool more = false;
  const auto next = [&] {
    more = entries.more();
    if (more) key = reader.key(joined);
  };
  // A round takes all that come in the order of the fields. Few senders have another, so that one round is enough.
  next();
  while (more) {
    bool known = false;
    std::size_t index = 0;
    T::fields(value, [&](std::string_view name, auto& field, const auto&...) {
      if (more && key == name) {
        known = true;
        if (seen[index]) throw Error(in(name, "is there twice"));
        seen.set(index);
        read_field(reader, name, field);
        next();
      }
      ++index;
    });
    if (known) continue;
    if (!is_utf8(key)) throw Error("a key is not UTF-8");
    reader.skip();
    next();
  }
  std::size_t index = 0;
  T::fields(value, [&](std::string_view name, auto& field, const auto&...) {
    if (!is_optional<std::remove_cvref_t<decltype(field)>> && !seen[index]) throw Error(in(name, "is missing"));
    ++index;
  });
}

// The first alternative that begins as the item does.
template <std::size_t i = 0, class... T>
void read_choice(Reader& reader, std::variant<T...>& value) {
  if constexpr (i == sizeof...(T)) {
    throw Error("none of the choices is of this type");
  } else if (shape_of<std::variant_alternative_t<i, std::variant<T...>>>() == reader.shape()) {
    read(reader, value.template emplace<i>());
  } else {
    read_choice<i + 1>(reader, value);
  }
}

template <class T>
void read(Reader& reader, T& value) {
  if constexpr (is_optional<T>) {
    if (!reader.null()) read(reader, value.emplace());
  } else if constexpr (is_choice<T>) {
    read_choice(reader, value);
  } else if constexpr (Structure<T>) {
    read_structure(reader, value);
  } else if constexpr (std::same_as<T, std::string>) {
    reader.text(value);
  } else if constexpr (std::same_as<T, Bytes>) {
    value = reader.bytes();
  } else if constexpr (std::same_as<T, bool>) {
    value = reader.boolean();
  } else if constexpr (std::same_as<T, std::uint64_t>) {
    value = reader.unsigned_integer();
  } else if constexpr (std::same_as<T, std::int64_t>) {
    value = reader.integer();
  } else if constexpr (std::same_as<T, double>) {
    value = reader.real();
  } else if constexpr (std::same_as<T, std::nullptr_t>) {
    if (!reader.null()) throw Error("null is due");
  } else if constexpr (std::same_as<T, Any>) {
    const auto item = reader.item();
    value.item.assign(item.begin(), item.end());
  } else {
    static_assert(is_list<T>);
    auto items = reader.array();
    value.reserve(items.likely(sizeof(typename T::value_type)));
    while (items.more()) {
      if constexpr (std::same_as<T, std::vector<bool>>) value.push_back(reader.boolean());
      else read(reader, value.emplace_back());
    }
  }
}

// --- writing ------------------------------------------------------------------------------------------------------

template <class T>
void write(Writer& writer, const T& value);

template <Structure T>
void write_structure(Writer& writer, const T& value) {
  std::size_t count = 0;
  const auto is_left_out = [](const auto& field, const auto&... checks) {
    if constexpr (!is_optional<std::remove_cvref_t<decltype(field)>>) {
      return false;
    } else {
      return !field && !(std::same_as<std::remove_cvref_t<decltype(checks)>, OrNull> || ...);
    }
  };
  T::fields(value, [&](std::string_view, const auto&... of) { count += is_left_out(of...) ? 0U : 1U; });
  writer.map(count);
  T::fields(value, [&](std::string_view name, const auto& field, const auto&... checks) {
    if (is_left_out(field, checks...)) return;
    writer.text(name);
    write(writer, field);
  });
}

template <class T>
void write(Writer& writer, const T& value) {
  if constexpr (is_optional<T>) {
    value ? write(writer, *value) : writer.null();
  } else if constexpr (is_choice<T>) {
    std::visit([&](const auto& chosen) { write(writer, chosen); }, value);
  } else if constexpr (Structure<T>) {
    write_structure(writer, value);
  } else if constexpr (std::same_as<T, std::nullptr_t>) {
    writer.null();
  } else if constexpr (std::same_as<T, Any>) {
    value.item.empty() ? writer.null() : writer.item(value.item);
  } else if constexpr (std::convertible_to<const T&, std::string_view>) {
    writer.text(value);
  } else if constexpr (std::same_as<T, Bytes>) {
    writer.bytes(value);
  } else if constexpr (std::same_as<T, bool>) {
    writer.boolean(value);
  } else if constexpr (std::unsigned_integral<T>) {
    writer.unsigned_integer(value);
  } else if constexpr (std::signed_integral<T>) {
    writer.integer(value);
  } else if constexpr (std::floating_point<T>) {
    writer.real(value);
  } else {
    static_assert(is_list<T>);
    writer.array(value.size());
    for (const auto& item : value) write<typename T::value_type>(writer, item);
  }
}

// --- whole items --------------------------------------------------------------------------------------------------

template <class T>
T decode(std::span<const std::uint8_t> input) {
  Reader reader(input);
  T value{};
  read(reader, value);
  reader.end();
  check(value);
  return value;
}

template <class T>
Written encode(const T& value) {
  Writer writer;
  write(writer, value);
  return writer.take();
}

}  // namespace ffi_cts::cbor
