// A small strict CBOR reader and writer over libcbor's streaming decoder and its encoders, and the codec that turns
// requests into structures and structures into replies. A structure names its fields once:
//
//   struct EchoRequest {
//     std::string text;
//     std::optional<std::int64_t> delay;   // may be absent or null
//     static void fields(auto& self, auto&& field) { field("text", self.text); field("delayMs", self.delay); }
//   };
//
// Rules: REQ-8, PAY-5, PAY-6, PAY-12 (a declared length reserves nothing; nesting is limited), PAY-8.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ffi_cts::cbor {

using Bytes = std::vector<std::uint8_t>;

struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Memory of malloc's, so that any thread may free it.
struct Written {
  struct Free {
    void operator()(void* of_malloc) const noexcept { std::free(of_malloc); }
  };
  std::unique_ptr<std::uint8_t[], Free> memory;
  std::size_t size = 0;
  std::span<const std::uint8_t> bytes() const noexcept { return {memory.get(), size}; }
};

class Writer {
 public:
  void map(std::size_t pairs);
  void array(std::size_t items);
  void text(std::string_view value);
  void bytes(std::span<const std::uint8_t> value);
  void unsigned_integer(std::uint64_t value);
  void integer(std::int64_t value);
  void real(double value);
  void boolean(bool value);
  void null();
  void item(std::span<const std::uint8_t> encoded) { raw(encoded.data(), encoded.size()); }  // one item, as it is
  Written take() noexcept;

 private:
  enum class MajorType { uint, negint, bytes, text, array, map };

  std::uint8_t* room_for(std::size_t more);
  void grow(std::size_t more);
  template <class Number>
  void head(MajorType type, Number number, std::size_t (*encode)(Number, unsigned char*, std::size_t));
  void raw(const void* data, std::size_t size);

  Written written_;
  std::size_t capacity_ = 0;
};

// Reads one item after the other; everything that is not as asked for throws Error.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> input) : input_(input) {}

  // for (auto entries = reader.map(); entries.more();) { key; value; }
  class Entries {
   public:
    bool more();

   private:
    friend class Reader;
    Entries(Reader& reader, std::optional<std::uint64_t> left) : reader_(reader), left_(left) {}
    Reader& reader_;
    std::optional<std::uint64_t> left_;  // nothing: until the break
  };
  Entries map();
  Entries array();
  std::string text();
  Bytes bytes();
  std::uint64_t unsigned_integer();
  std::int64_t integer();
  double real();
  bool boolean();
  bool null();  // reads one if it is next
  void skip();
  std::span<const std::uint8_t> item();  // one well-formed item, as it is
  void end();                            // throws if anything is left

 private:
  enum class Kind { uint, negint, bytes, text, bytes_begin, text_begin, array, map, tag, real, boolean, nothing, stop };
  struct Token {
    Kind kind = Kind::nothing;
    std::uint64_t number = 0;
    double real = 0;
    bool indefinite = false;
    std::string_view string;
  };
  struct Collector;

  Token next();
  Token expect(Kind kind, const char* what);
  template <class String>
  String string(Kind whole, Kind begin, const char* what);
  void skip(unsigned depth);

  std::span<const std::uint8_t> input_;
};

// --- the codec ----------------------------------------------------------------------------------------------------

struct AnyField {
  void operator()(std::string_view, auto&) const {}
};
template <class T>
concept Structure = requires(T& value) { T::fields(value, AnyField{}); };

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
void read(Reader& reader, T& value);

template <Structure T>
void read_structure(Reader& reader, T& value) {
  std::uint64_t seen = 0;
  for (auto entries = reader.map(); entries.more();) {
    const std::string key = reader.text();
    std::uint64_t bit = 1;
    bool known = false;
    T::fields(value, [&](std::string_view name, auto& field) {
      if (name == key) {
        if ((seen & bit) != 0) throw Error("'" + key + "' is there twice");
        known = true;
        seen |= bit;
        try {
          read(reader, field);
        } catch (const Error& error) {
          throw Error("'" + key + "': " + error.what());
        }
      }
      bit <<= 1;
    });
    if (!known) reader.skip();
  }
  std::uint64_t bit = 1;
  T::fields(value, [&](std::string_view name, auto& field) {
    const bool required = !is_optional<std::remove_cvref_t<decltype(field)>>;
    if (required && (seen & bit) == 0) throw Error("'" + std::string(name) + "' is missing");
    bit <<= 1;
  });
}

template <class T>
void read(Reader& reader, T& value) {
  if constexpr (is_optional<T>) {
    if (!reader.null()) read(reader, value.emplace());
  } else if constexpr (Structure<T>) {
    read_structure(reader, value);
  } else if constexpr (std::same_as<T, std::string>) {
    value = reader.text();
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
  } else {  // a std::vector
    for (auto items = reader.array(); items.more();) read(reader, value.emplace_back());
  }
}

template <class T>
void write(Writer& writer, const T& value) {
  if constexpr (is_optional<T>) {
    value ? write(writer, *value) : writer.null();
  } else if constexpr (Structure<T>) {
    std::size_t count = 0;
    const auto present = [](const auto& field) {
      if constexpr (is_optional<std::remove_cvref_t<decltype(field)>>) return field.has_value();
      return true;
    };
    T::fields(value, [&](std::string_view, const auto& field) { count += present(field) ? 1U : 0U; });
    writer.map(count);
    T::fields(value, [&](std::string_view name, const auto& field) {
      if (!present(field)) return;
      writer.text(name);
      write(writer, field);
    });
  } else if constexpr (std::same_as<T, std::nullptr_t>) {
    writer.null();
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
  } else {  // a std::vector
    writer.array(value.size());
    for (const auto& item : value) write(writer, item);
  }
}

template <class T>
T decode(std::span<const std::uint8_t> input) {
  Reader reader(input);
  T value{};
  read(reader, value);
  reader.end();
  return value;
}

template <class T>
Written encode(const T& value) {
  Writer writer;
  write(writer, value);
  return writer.take();
}

}  // namespace ffi_cts::cbor
