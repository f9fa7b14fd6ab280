// C values as C++ values, and back. A structure with a native form names its C struct, and which of its members are which:
//
//   struct Request {
//     std::string text;
//     std::vector<std::string> tags;
//     std::optional<std::int64_t> limit;
//     using Native = ::Request;                                  // the C struct of the library's header
//     static void members(auto& self, auto& native, auto&& member) {
//       member("text", self.text, native.text);
//       member("tags", self.tags, native.tags, native.tags_len);
//       member("limit", self.limit, native.limit_present, native.limit);
//     }
//   };
//
// Arguments are copied, to the last nested text, before the call returns. A result lies in memory with one owner, which
// the Payload is: the C++ value, and the C struct whose pointers point into it. Nothing is copied on the way out.
// Rules: NAT-1 to NAT-7, PAY-1.
#pragma once

#include "reference/runtime/payload.hpp"

#include <memory_resource>

namespace ffi_cts::runtime {

template <class T>
concept NativeStructure = requires { typename T::Native; };

// Throws cbor::Error, which names the member.
struct CopyIn {
  static void copy(std::string& to, const char* from) {
    to = from != nullptr ? from : "";  // NAT-5
    if (!cbor::is_utf8(to)) throw cbor::Error("the text is not UTF-8");
  }
  static void copy(bool& to, int from) { to = from != 0; }  // NAT-7
  template <class Number>
  static void copy(Number& to, const Number& from) {
    to = from;
  }
  static void copy(cbor::Bytes& to, const std::uint8_t* from, std::size_t length) {
    check(from, length);
    to.assign(from, from + length);
  }
  template <class T, class C>
  static void copy(std::vector<T>& to, const C* from, std::size_t length) {
    check(from, length);
    to.reserve(length);
    for (std::size_t i = 0; i < length; ++i) {
      T item{};
      copy(item, from[i]);
      to.push_back(std::move(item));
    }
  }
  template <class T, class... C>
  static void copy(std::optional<T>& to, int present, const C&... from) {
    if (present != 0) copy(to.emplace(), from...);
  }
  template <NativeStructure T>
  static void copy(T& to, const typename T::Native& from) {
    T::members(to, from, named);
  }

  static constexpr auto named = [](std::string_view name, auto& to, const auto&... from) {
    try {
      copy(to, from...);
    } catch (const cbor::Error& error) {
      throw cbor::Error(cbor::in(name, error.what(), ": "));
    }
  };

 private:
  static void check(const void* from, std::size_t length) {
    if (from == nullptr && length > 0) throw cbor::Error("NULL with a length");
  }
};

// The parameters of a call: its fields, from the C arguments of the same order and names as `members` has them.
template <class Call, class... C>
Call arguments(const C&... from) {
  Call call{};
  Call::arguments(call, CopyIn::named, from...);
  cbor::check(call);
  return call;
}

// Fills C places with what they can borrow from a value. What is laid out otherwise in C is made in the arena.
class Lend {
 public:
  void lend(const std::string& from, const char*& to) { to = from.c_str(); }
  void lend(const bool& from, int& to) { to = from ? 1 : 0; }
  template <class Number>
  void lend(const Number& from, Number& to) {
    to = from;
  }
  template <class T, class C>
  void lend(const std::vector<T>& from, const C*& to, std::size_t& length) {
    length = from.size();
    if constexpr (std::same_as<T, C>) {
      to = from.data();
    } else {
      C* const items = std::pmr::polymorphic_allocator<>(&arena_).allocate_object<C>(from.size());
      for (std::size_t i = 0; i < from.size(); ++i) lend(from[i], *std::construct_at(items + i));
      to = items;
    }
  }
  template <class T, class... C>
  void lend(const std::optional<T>& from, int& present, C&... to) {
    present = from ? 1 : 0;
    if (from) lend(*from, to...);
  }
  template <NativeStructure T>
  void lend(const T& from, typename T::Native& to) {
    T::members(from, to, [this](std::string_view, const auto& value, auto&... place) { this->lend(value, place...); });
  }

 private:
  std::pmr::monotonic_buffer_resource arena_;
};

// The C struct, first, and what it points at.
template <NativeStructure T>
struct Lent : T::Native {
  explicit Lent(T of) : T::Native{}, value(std::move(of)) { lender.lend(value, static_cast<typename T::Native&>(*this)); }
  T value;
  Lend lender;
};

template <class T>
inline constexpr bool has_native_form =
    NativeStructure<T> || std::is_arithmetic_v<T> || std::same_as<T, std::string> || std::same_as<T, cbor::Bytes>;

// A value as the native variant delivers it: a struct with len = sizeof, a pointer to a scalar, the bytes of a text.
template <class T>
Payload native_payload(T value) {
  static_assert(has_native_form<T>);
  if constexpr (NativeStructure<T>) {
    using C = typename T::Native;
    C* const lent = new Lent<T>(std::move(value));
    return {lent, sizeof(C), [](void* data) { delete static_cast<Lent<T>*>(static_cast<C*>(data)); }};
  } else if constexpr (std::same_as<T, bool>) {
    return native_payload<int>(value ? 1 : 0);
  } else if constexpr (std::is_arithmetic_v<T>) {
    return Payload::copy(&value, sizeof value);
  } else {
    return Payload::copy(value.data(), value.size());
  }
}

}  // namespace ffi_cts::runtime
