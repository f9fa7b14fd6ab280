// What the runtime's CBOR costs an item, beside libcbor's streaming decoder and its encoders alone on the same bytes, which
// keep nothing. By hand, on a quiet machine: build/release/bin/ffi-cts-cbor-speed
#include "reference/cbor/codec.hpp"

#include <cbor.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>

namespace {

using namespace ffi_cts;

struct Echo {
  std::string message;
  std::int64_t delay = 0;
  static void fields(auto& self, auto&& field) {
    field("message", self.message);
    field("delayMs", self.delay);
  }
};
struct Complex {
  std::vector<Echo> messages;
  std::vector<std::string> tags;
  std::optional<std::string> note;
  static void fields(auto& self, auto&& field) {
    field("messages", self.messages);
    field("tags", self.tags);
    field("note", self.note, cbor::or_null);
  }
};
struct Numbers {
  std::vector<std::int64_t> numbers;
  std::vector<double> reals;
  static void fields(auto& self, auto&& field) {
    field("numbers", self.numbers);
    field("reals", self.reals);
  }
};

Complex complex_of(std::size_t messages) {
  Complex out;
  for (std::size_t i = 0; i < messages; ++i) out.messages.push_back({"message number " + std::to_string(i), static_cast<std::int64_t>(i * 37)});
  out.tags.assign(messages / 2 + 1, "a tag");
  return out;
}

Numbers numbers_of(std::size_t count) {
  Numbers out;
  for (std::size_t i = 0; i < count; ++i) out.numbers.push_back(static_cast<std::int64_t>(i * i)), out.reals.push_back(0.5 * static_cast<double>(i));
  return out;
}

std::size_t walk(std::span<const std::uint8_t> bytes) {
  std::size_t items = 0;
  for (; !bytes.empty(); ++items) bytes = bytes.subspan(cbor_stream_decode(bytes.data(), bytes.size(), &cbor_empty_callbacks, nullptr).read);
  return items;
}

// The same items by libcbor's encoders, into a buffer that is there.
struct Encoder {
  std::vector<std::uint8_t> buffer = std::vector<std::uint8_t>(1 << 22);
  std::size_t size = 0;
  template <class Number>
  void head(std::size_t (*encode)(Number, unsigned char*, std::size_t), Number number) {
    size += encode(number, buffer.data() + size, buffer.size() - size);
  }
  void text(const std::string& value) {
    head<std::size_t>(cbor_encode_string_start, value.size());
    std::copy(value.begin(), value.end(), buffer.begin() + static_cast<std::ptrdiff_t>(size));
    size += value.size();
  }
  void key(const char* name) {
    static thread_local std::string text_of;
    text_of = name;
    text(text_of);
  }
  void operator()(const Complex& value) {
    size = 0;
    head<std::size_t>(cbor_encode_map_start, 3);
    key("messages");
    head<std::size_t>(cbor_encode_array_start, value.messages.size());
    for (const Echo& echo : value.messages) {
      head<std::size_t>(cbor_encode_map_start, 2);
      key("message");
      text(echo.message);
      key("delayMs");
      head<std::uint64_t>(cbor_encode_uint, static_cast<std::uint64_t>(echo.delay));
    }
    key("tags");
    head<std::size_t>(cbor_encode_array_start, value.tags.size());
    for (const std::string& tag : value.tags) text(tag);
    key("note");
    size += cbor_encode_null(buffer.data() + size, buffer.size() - size);
  }
  void operator()(const Numbers& value) {
    size = 0;
    head<std::size_t>(cbor_encode_map_start, 2);
    key("numbers");
    head<std::size_t>(cbor_encode_array_start, value.numbers.size());
    for (const std::int64_t number : value.numbers) head<std::uint64_t>(cbor_encode_uint, static_cast<std::uint64_t>(number));
    key("reals");
    head<std::size_t>(cbor_encode_array_start, value.reals.size());
    for (const double real : value.reals) size += cbor_encode_double(real, buffer.data() + size, buffer.size() - size);
  }
};

struct Best {
  double ours = 1e300, floor = 1e300;  // nanoseconds
};

// Of many rounds. The sides take turns, so that whatever else the machine does meets both.
Best best_of(const std::function<void()>& ours, const std::function<void()>& floor, std::size_t repeats) {
  using Clock = std::chrono::steady_clock;
  const auto take_turn = [repeats](const std::function<void()>& side, double& best) {
    const auto begun = Clock::now();
    for (std::size_t n = 0; n < repeats; ++n) side();
    best = std::min(best, std::chrono::duration<double, std::nano>(Clock::now() - begun).count() / static_cast<double>(repeats));
  };
  Best best;
  for (int i = 0; i < 300; ++i) {
    take_turn(ours, best.ours);
    take_turn(floor, best.floor);
  }
  return best;
}

template <class T>
bool row(const char* name, const T& value) {
  const cbor::Written bytes = cbor::encode(value);
  const std::size_t items = walk(bytes.bytes()), repeats = 200'000 / items + 1;
  Encoder encoder;
  encoder(value);
  if (!std::ranges::equal(bytes.bytes(), std::span(encoder.buffer).first(encoder.size))) {
    fmt::print(stderr, "{}: the two encodings differ\n", name);
    return false;
  }
  const auto tell = [&](const char* what, const Best& best) {
    const auto per_item = static_cast<double>(items);
    fmt::print("{:<28} {:>7} items  {:6.1f} ns each  libcbor alone {:6.1f}  ratio {:.2f}\n",
               fmt::format("{} {}", what, name), items, best.ours / per_item, best.floor / per_item, best.ours / best.floor);
  };
  const auto look_at = [](const auto& result) { asm volatile("" : : "r"(&result) : "memory"); };
  tell("decode", best_of([&] { look_at(cbor::decode<T>(bytes.bytes())); }, [&] { look_at(walk(bytes.bytes())); }, repeats));
  tell("encode", best_of([&] { look_at(cbor::encode(value)); }, [&] { encoder(value); }, repeats));
  return true;
}

}  // namespace

int main() {
  const bool same = row("a small request", complex_of(1)) && row("1,000 structs", complex_of(1000)) && row("10,000 numbers", numbers_of(5000));
  return same ? 0 : 1;
}
