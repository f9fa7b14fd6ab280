// A small strict CBOR reader and writer over libcbor's streaming decoder and its encoders.
// Rules: REQ-8, PAY-5, PAY-6, PAY-12 (a declared length reserves no more than was sent; nesting is limited), PAY-8.
#pragma once

#include <algorithm>
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

enum class MajorType : std::uint8_t { uint, negint, bytes, text, array, map };
constexpr unsigned longest_short = 23;  // the most that the first byte of an item holds itself

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
    bool more() { return indefinite_ ? !reader_.stop() : left_ > 0 && (--left_, true); }
    // How many to make room for: those declared, in no more bytes than the input has left.
    std::size_t likely(std::size_t size_of_each) const noexcept {
      return static_cast<std::size_t>(std::min<std::uint64_t>(left_, reader_.input_.size() / size_of_each));
    }

   private:
    friend class Reader;
    explicit Entries(Reader& reader, std::uint64_t left = 0, bool indefinite = true)  // throws when nested too deeply
        : reader_(reader), left_(left), indefinite_(indefinite) {
      if (reader.depth_ == deepest_nesting) too_deep();
      ++reader.depth_;
    }
    Reader& reader_;
    std::uint64_t left_;  // beside a flag, as gcc builds an optional of it in memory, and waits for that
    bool indefinite_;     // until the break
  };
  Entries map() { return entries(MajorType::map); }
  Entries array() { return entries(MajorType::array); }
  void text(std::string& value);
  std::string text();
  // A text that lies in the input, or in `joined` where it came in pieces. Not looked into: it may be no UTF-8.
  std::string_view key(std::string& joined) {
    std::uint8_t size = 0;
    return short_head(MajorType::text, size) ? take(size) : long_text(joined);
  }
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
  // The first six are the major types of those numbers.
  enum class Kind : std::uint8_t {
    uint, negint, bytes, text, array, map,
    bytes_begin, text_begin, tag, real, boolean, nothing, stop
  };
  struct Token {
    Kind kind = Kind::nothing;
    bool indefinite = false;
    std::uint64_t number = 0;
    double real = 0;
    std::string_view string;
  };
  struct Collector;

  // Reads a head of that type if it is next and its first byte holds the number itself.
  bool short_head(MajorType type, std::uint8_t& number) noexcept {
    if (input_.empty()) return false;
    number = static_cast<std::uint8_t>(input_.front() - (static_cast<unsigned>(type) << 5));
    if (number > longest_short) return false;
    input_ = input_.subspan(1);
    return true;
  }
  std::string_view take(std::size_t size) {
    if (size > input_.size()) ends_too_early();
    const std::string_view taken(reinterpret_cast<const char*>(input_.data()), size);
    input_ = input_.subspan(size);
    return taken;
  }
  Entries entries(MajorType type) {
    std::uint8_t number = 0;
    return short_head(type, number) ? Entries(*this, number, false) : long_entries(type);
  }
  std::string_view long_text(std::string& joined);
  Entries long_entries(MajorType type);
  bool stop();  // reads a break if it is next
  [[noreturn]] static void ends_too_early();
  [[noreturn]] static void too_deep();

  Token next();
  Token expect(Kind kind, const char* what);
  template <class String>
  String string(Kind whole, Kind begin, const char* what);

  static constexpr unsigned deepest_nesting = 128;
  std::span<const std::uint8_t> input_;
  unsigned depth_ = 0;  // of the lists and maps that are being read
};

}  // namespace ffi_cts::cbor
