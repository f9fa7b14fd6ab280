// Well-formedness alone (RFC 8949, appendix C): no values, no texts looked into, and no recursion, so that any nesting
// goes.
#include "reference/cbor/cbor.hpp"

namespace ffi_cts::cbor {
namespace {

constexpr std::uint8_t stop = 0xff;

[[noreturn]] void ends_too_early() {
  throw Error("the CBOR ends too early");
}
[[noreturn]] void no_cbor() {
  throw Error("this is no CBOR");
}

struct Head {
  unsigned major = 0, info = 0;
  std::uint64_t number = 0;
  bool indefinite() const { return info == 31; }
};

// Walks over one item. What it still owes is a number of items, as no list or map of a definite length has to be
// remembered; those of an indefinite one wait on a stack for its break.
class Walk {
 public:
  explicit Walk(std::span<const std::uint8_t> input) : rest_(input) {}

  std::span<const std::uint8_t> rest() {
    do step();
    while (owed_ > 0 || !open_.empty());
    return rest_;
  }

 private:
  struct Open {
    std::uint64_t owed;  // by what is around it
    bool map, odd;       // odd: a key waits for its value
  };

  void step() {
    if (owed_ == 0 && rest_.empty()) ends_too_early();
    if (owed_ == 0 && rest_.front() == stop) {
      if (open_.back().odd) throw Error("a key without a value");
      rest_ = rest_.subspan(1);
      owed_ = open_.back().owed;
      open_.pop_back();
      return;
    }
    if (owed_ > 0) {
      --owed_;
    } else {
      open_.back().odd = open_.back().map && !open_.back().odd;
    }
    item(head());
  }

  Head head() {
    if (rest_.empty()) ends_too_early();
    const unsigned first = rest_.front();
    Head head{first >> 5, first & 0x1f, first & 0x1f};
    rest_ = rest_.subspan(1);
    if (head.info < 24 || head.info == 31) return head;
    if (head.info > 27) no_cbor();
    const std::size_t size = std::size_t{1} << (head.info - 24);
    if (rest_.size() < size) ends_too_early();
    head.number = 0;
    for (const std::uint8_t byte : rest_.first(size)) head.number = head.number << 8 | byte;
    rest_ = rest_.subspan(size);
    return head;
  }

  void item(const Head& head) {
    switch (head.major) {
      case 2:
      case 3:
        return head.indefinite() ? chunks(head.major) : string(head);
      case 4:
      case 5:
        return list(head);
      case 6:
        owe(1);
        break;
      case 7:
        if (head.info == 24 && head.number < 32) no_cbor();  // a simple value that has a shorter form only
        break;
      default:
        break;
    }
    if (head.indefinite()) no_cbor();
  }

  void string(const Head& head) {
    if (head.number > rest_.size()) ends_too_early();
    rest_ = rest_.subspan(static_cast<std::size_t>(head.number));
  }

  void chunks(unsigned major) {
    while (true) {
      if (rest_.empty()) ends_too_early();
      if (rest_.front() == stop) break;
      const Head chunk = head();
      if (chunk.major != major || chunk.indefinite()) throw Error("a chunk of the same kind is due");
      string(chunk);
    }
    rest_ = rest_.subspan(1);
  }

  void list(const Head& head) {
    const bool map = head.major == 5;
    if (head.indefinite()) {
      open_.push_back({owed_, map, false});
      owed_ = 0;
      return;
    }
    if (head.number > rest_.size()) ends_too_early();  // an item has a byte at least
    owe(map ? 2 * head.number : head.number);
  }

  void owe(std::uint64_t more) {
    owed_ += more;
    if (owed_ > rest_.size()) ends_too_early();
  }

  std::span<const std::uint8_t> rest_;
  std::uint64_t owed_ = 1;
  std::vector<Open> open_;
};

}  // namespace

bool well_formed(std::span<const std::uint8_t> item) {
  try {
    return Walk(item).rest().empty();
  } catch (const Error&) {
    return false;
  }
}

std::span<const std::uint8_t> Reader::opaque() {
  const auto before = input_;
  input_ = Walk(input_).rest();
  return before.first(before.size() - input_.size());
}

}  // namespace ffi_cts::cbor
