// A small strict CBOR reader and writer over libcbor's streaming decoder and its encoders.
// Rules: REQ-8, PAY-5, PAY-6, PAY-12 (a declared length reserves nothing; nesting is limited), PAY-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
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
  // To use its memory again: what was written so far, until the next call.
  std::span<const std::uint8_t> bytes() const noexcept { return written_.bytes(); }
  void clear() noexcept { written_.size = 0; }

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

// Well-formed, without overlong sequences and surrogates.
bool is_utf8(std::string_view text);

// Exactly one well-formed item (RFC 8949, appendix C), of any nesting; texts may be no UTF-8.
bool well_formed(std::span<const std::uint8_t> item);

// What an item begins as. The end of the input and a break are `other`, too.
enum class Shape : std::uint8_t { integer, bytes, text, list, map, boolean, null, real, other };

// Reads one item after the other; everything that is not as asked for throws Error.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> input) : input_(input) {}

  // for (auto entries = reader.map(); entries.more();) { key; value; }
  class Entries {
   public:
    Entries(const Entries&) = delete;
    Entries& operator=(const Entries&) = delete;
    ~Entries() { --reader_.depth_; }
    bool more();

   private:
    friend class Reader;
    Entries(Reader& reader, std::optional<std::uint64_t> left);  // throws when nested too deeply
    Reader& reader_;
    std::optional<std::uint64_t> left_;  // nothing: until the break
  };
  Entries map();
  Entries array();
  std::string text();
  // A text that lies in the input, or in `joined` where it came in pieces. Not looked into: it may be no UTF-8.
  std::string_view key(std::string& joined);
  Bytes bytes();
  std::uint64_t unsigned_integer();
  std::int64_t integer();
  double real();
  bool boolean();
  bool null();          // reads one if it is next
  Shape shape() const;  // of the next item
  // Whether the next item is a string, list or map without a length in its head.
  bool indefinite() const noexcept { return !input_.empty() && (input_[0] & 0x1fU) == 0x1fU; }
  void skip();
  std::span<const std::uint8_t> item();  // one well-formed item, as it is
  // The same as well_formed() has it: for those who pass it on and do not look into it.
  std::span<const std::uint8_t> opaque();
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
  bool next_short(Token& token);
  Token expect(Kind kind, const char* what);
  template <class String>
  String string(Kind whole, Kind begin, const char* what);

  std::span<const std::uint8_t> input_;
  unsigned depth_ = 0;  // of the lists and maps that are being read
};

}  // namespace ffi_cts::cbor
