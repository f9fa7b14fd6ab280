// The CBOR writer and reader of <lib>_cbor.h, compiled as C under the sanitizers, beside the harness's own.
#include <gmock/gmock.h>

#include <map>
#include <random>
#include <sstream>

#include "reference/bindgen/trial.hpp"
#include "harness/value/value.hpp"

namespace ffi_cts::bindgen {
namespace {

using testing::HasSubstr;

class Cbor : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = new Directory;
    directory_->write("my_timer.cddl", read_file(testdata("my_timer.cddl")));
    emit(directory_->write("my_timer.toml", read_file(testdata("my_timer.toml"))), directory_->path());
    emit(testdata("thirty.toml"), directory_->path());
  }
  static void TearDownTestSuite() {
    delete directory_;
    directory_ = nullptr;
  }

  // The program of that source.
  static std::string built(const std::string& name) {
    const std::string program = directory_->file(name);
    const Outcome outcome = run(sanitized(testdata(name + ".c"), program, directory_->path()));
    EXPECT_EQ(outcome.code, 0) << outcome.out;
    return program;
  }

  // What comes back for each of them.
  static std::vector<Bytes> transcoded(const std::string& program, const std::vector<Bytes>& items) {
    std::string in;
    for (const Bytes& item : items) {
      for (int shift = 24; shift >= 0; shift -= 8) in += static_cast<char>(item.size() >> shift & 0xff);
      in.append(item.begin(), item.end());
    }
    const Outcome outcome = run(program + " < " + directory_->write("in", in) + " > " + directory_->file("out"));
    EXPECT_EQ(outcome.code, 0) << outcome.out;
    const std::string answer = read_file(directory_->file("out"));
    std::vector<Bytes> out;
    for (std::size_t at = 0; at + 4 <= answer.size();) {
      std::size_t len = 0;
      for (int i = 0; i < 4; ++i) len = len << 8 | static_cast<unsigned char>(answer[at++]);
      if (len > answer.size() - at) break;  // it ended on the way
      out.emplace_back(answer.begin() + static_cast<std::ptrdiff_t>(at), answer.begin() + static_cast<std::ptrdiff_t>(at + len));
      at += len;
    }
    EXPECT_EQ(out.size(), items.size());
    out.resize(items.size());
    return out;
  }

  static inline Directory* directory_ = nullptr;
};

Value decoded(const std::string& digits) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) bytes.push_back(static_cast<std::uint8_t>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  const Decoded out = decode(bytes);
  EXPECT_TRUE(out) << digits;
  return out ? *out.value : Value();
}

TEST_F(Cbor, requests_are_what_the_schema_says) {
  const Outcome outcome = run(built("requests"));
  ASSERT_EQ(outcome.code, 0) << outcome.out;
  std::map<std::string, std::string> seen;
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);) seen[line.substr(0, line.find(' '))] = line.substr(line.find(' ') + 1);

  const auto echo = [](const char* message, int delay) { return Value(Map{{"message", message}, {"delayMs", delay}}); };
  EXPECT_EQ(decoded(seen["create"]), Value(Map{{"config", Map{{"name", "n"}}}}));
  EXPECT_EQ(decoded(seen["echo"]), Value(Map{{"req", echo("", -1)}}));
  EXPECT_EQ(decoded(seen["full"]), Value(Map{{"req", Map{{"messages", List{echo("a", 1), echo("", -1)}}, {"tags", List{"x", "", "ä"}}, {"note", "note"}, {"retries", INT64_MIN}}}}));
  EXPECT_EQ(decoded(seen["zero"]), Value(Map{{"req", Map{{"messages", List{}}, {"tags", List{}}, {"note", Nil{}}, {"retries", Nil{}}}}}));
  EXPECT_EQ(seen["broken"], "") << "a NULL list with a length";
  EXPECT_EQ(seen["too_small"], "155555555") << "the size that is needed, and nothing written behind the capacity";

  EXPECT_EQ(decoded(seen["scalars"]), Value(Map{{"callback", "cb"}, {"out", -5}, {"writer", UINT64_MAX}, {"ctx", true}, {"double", 1e300}, {"data", Bytes{0, 255, 7}}, {"colour", "green"},
                                                {"Point", Map{{"x", 1.5}, {"y", -0.25}}}, {"size", Map{{"w", 1}, {"h*/", 2}}}}));
  const Value part = Map{{"id", 7}, {"note", "n"}, {"cost", Nil{}}, {"colour", "red"}};
  EXPECT_EQ(decoded(seen["lists"]), Value(Map{{"parts", List{part}}, {"names", List{"N"}}, {"note", "here"}}));
  EXPECT_EQ(decoded(seen["nothing"]), Value(Map{{"parts", List{}}, {"names", List{}}, {"note", Nil{}}}));
  EXPECT_EQ(seen["version"], "a0");
  EXPECT_EQ(decoded(seen["young"]), Value(Map{{"config", Map{{"name", "O"}, {"email", Nil{}}, {"age", 9}}}, {"level", 3}}));
  EXPECT_EQ(decoded(seen["ageless"]), Value(Map{{"config", Map{{"name", "O"}, {"email", "@"}}}, {"level", 3}}));
  EXPECT_EQ(decoded(seen["tree"]), Value(Map{{"tree", Map{{"children", List{}}, {"value", 5}}}, {"left", Map{{"rights", List{}}}}}));
  EXPECT_EQ(seen["endless"], "") << "a list that holds itself";
}

// Optimisers see through more, and warn of it.
TEST_F(Cbor, who_uses_it_compiles_without_a_warning_at_every_level) {
  for (const Compiler& compiler : compilers()) {
    for (const char* level : {"-O1", "-O2", "-Os"}) {
      for (const char* name : {"transcode.c", "requests.c"}) {
        if (compiler.name.ends_with("++") && std::string(name) == "requests.c") continue;  // C's = {0} is another thing there
        const Outcome outcome = run(compiler.command + level + " -I" + directory_->path() + " -c " + testdata(name) + " -o " + directory_->file("object"));
        EXPECT_EQ(outcome.code, 0) << compiler.name << level << outcome.out;
      }
    }
  }
}

// Random items, all of whose heads are written as they come to hand: longer than need be, in chunks, with their end marked.
class Items {
 public:
  explicit Items(unsigned seed) : random_(seed) {}

  Bytes one() {
    out_.clear();
    item(0);
    return out_;
  }
  Bytes mutated(Bytes bytes) {
    for (int changes = 1 + below(3); changes > 0 && !bytes.empty(); --changes) {
      const auto at = bytes.begin() + below(static_cast<int>(bytes.size()));
      switch (below(5)) {
        case 0: *at = static_cast<std::uint8_t>(below(256)); break;
        case 1: *at ^= static_cast<std::uint8_t>(1 << below(8)); break;
        case 2: bytes.erase(at, bytes.end()); break;
        case 3: bytes.erase(at); break;
        default: bytes.insert(at, static_cast<std::uint8_t>(below(2) ? 0xff : below(256)));
      }
    }
    return bytes;
  }

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

  void head(unsigned major, std::uint64_t number) {
    int width = number < 24 ? 0 : number < 0x100 ? 1 : number < 0x10000 ? 2 : number <= 0xffffffff ? 3 : 4;
    if (below(4) == 0) width = std::min(4, std::max(1, width + below(2)));
    out_.push_back(static_cast<std::uint8_t>(major << 5 | (width == 0 ? static_cast<unsigned>(number) : 23u + static_cast<unsigned>(width))));
    for (int shift = width == 0 ? -8 : (8 << (width - 1)) - 8; shift >= 0; shift -= 8) out_.push_back(static_cast<std::uint8_t>(number >> shift));
  }
  void string(unsigned major) {
    const int length = below(6) == 0 ? below(300) : below(8);
    head(major, static_cast<unsigned>(length));
    for (int i = 0; i < length; ++i) out_.push_back(static_cast<std::uint8_t>(major == 3 ? ' ' + below(95) : below(256)));
  }
  void items(unsigned major, int depth) {
    const int count = below(5), each = major == 5 ? 2 : 1;
    const bool marked = below(3) == 0;
    if (marked) out_.push_back(static_cast<std::uint8_t>(major << 5 | 31));
    else head(major, static_cast<unsigned>(count));
    for (int i = 0; i < count * each; ++i) item(depth + 1);
    if (marked) out_.push_back(0xff);
  }
  void item(int depth) {
    const int kind = below(depth > 5 ? 7 : 10);
    switch (kind) {
      case 0: return head(0, random_() >> below(64));
      case 1: return head(1, random_() >> (1 + below(63)));
      case 2:
      case 3: {
        if (below(4) > 0) return string(static_cast<unsigned>(kind));
        out_.push_back(static_cast<std::uint8_t>(kind << 5 | 31));
        for (int chunks = below(4); chunks > 0; --chunks) string(static_cast<unsigned>(kind));
        out_.push_back(0xff);
        return;
      }
      case 4: return out_.push_back(static_cast<std::uint8_t>(0xf4 + below(4)));
      case 5: {
        const int width = 2 << below(3);
        out_.push_back(static_cast<std::uint8_t>(0xf8 + (width == 2 ? 1 : width == 4 ? 2 : 3)));
        for (int i = 0; i < width; ++i) out_.push_back(static_cast<std::uint8_t>(below(256)));
        return;
      }
      case 6: return depth > 5 ? head(0, 1) : (head(6, static_cast<unsigned>(below(100))), item(depth + 1));
      default: return items(kind == 7 ? 4 : 5, depth);
    }
  }

  std::mt19937_64 random_;
  Bytes out_;
};

// One text for all that the two may tell apart in no way: 2.0 and NaN of any kind.
std::string same(const Bytes& item) {
  const Decoded out = decode(item);
  return out ? to_text(*out.value, 100'000) : "";
}

TEST_F(Cbor, the_reader_reads_what_the_harness_reads_and_refuses_the_same) {
  Items random(20);
  std::vector<Bytes> items;
  for (int i = 0; i < 3'000; ++i) items.push_back(random.one());
  for (int i = 0; i < 30'000; ++i) items.push_back(random.mutated(items[static_cast<std::size_t>(i % 3'000)]));
  const std::vector<Bytes> answers = transcoded(built("transcode"), items);

  int read = 0, refused = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Decoded due = decode(items[i]);
    // The one thing that the small reader leaves to its caller.
    if (!due && due.error->what.find("UTF-8") != std::string::npos) continue;
    ASSERT_EQ(due.value.has_value(), !answers[i].empty()) << "item " << i << ": " << (due ? to_text(*due.value) : due.error->what);
    if (due) {
      ASSERT_EQ(same(items[i]), same(answers[i])) << "item " << i;
    }
    ++(due ? read : refused);
  }
  EXPECT_GT(read, 6'000);
  EXPECT_GT(refused, 6'000);
}

TEST_F(Cbor, the_reader_has_limits) {
  const auto nested = [](std::size_t depth, std::uint8_t head) {
    Bytes out(depth, head);
    out.push_back(0);
    return out;
  };
  const Bytes promise = {0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0}, pairs = {0xbb, 0x80, 0, 0, 0, 0, 0, 0, 1, 0, 0};
  const std::vector<Bytes> answers = transcoded(built("transcode"), {nested(64, 0x81), nested(65, 0x81), nested(100'000, 0x81), nested(64, 0xc1), nested(65, 0xc1), Bytes(100'000, 0x9f),
                                                                    promise, pairs, {0x7f, 0x61, 'a', 0x7f, 0xff, 0xff}, {0xbf, 0, 0xff}, {}});
  std::vector<bool> taken;
  for (const Bytes& answer : answers) taken.push_back(!answer.empty());
  EXPECT_THAT(taken, testing::ElementsAre(true, false, false, true, false, false, false, false, false, false, false));
}

TEST_F(Cbor, items_are_printed_in_diagnostic_notation) {
  const std::string source = directory_->write("print.c", R"(
#include "my_timer_cbor.h"
static void show(const char *bytes, size_t len) {
  char text[200];
  ffi_cbor_item item;
  if (ffi_cbor_read(bytes, len, &item)) ffi_cbor_print(item, text, sizeof text);
  else strcpy(text, "refused");
  puts(text);
}
#define SHOW(bytes) show(bytes, sizeof bytes - 1)
int main(void) {
  ffi_cbor_item event, payload, count;
  const char fired[] = "\xa2\x69" "eventType\x6d" "on_echo_fired\x67payload\xa2\x67message\x62hi\x69" "echoCount\x01";
  int64_t n = 0;
  SHOW("\xa2\x61" "a\x83\x01\x20\xf9\x3e\x00\x61" "b\xf6");
  SHOW("\x9f\xf5\x7f\x61" "a\x61\x22\xff\x42\x00\xab\xff");
  SHOW("\xc1\xfb\x7f\xf0\x00\x00\x00\x00\x00\x00");
  SHOW("\x3b\xff\xff\xff\xff\xff\xff\xff\xff");
  SHOW("\x64\x01\\\xc3\xa4");
  SHOW("\x82\xe0\xfa\xff\xc0\x00\x00");
  SHOW("\x81");
  if (ffi_cbor_read(fired, sizeof fired - 1, &event) && ffi_cbor_find(event, "payload", &payload) && ffi_cbor_find(payload, "echoCount", &count)) ffi_cbor_get_int(count, &n);
  return n == 1 ? 0 : 1;
}
)");
  const std::string program = directory_->file("print");
  ASSERT_EQ(run(sanitized(source, program, directory_->path())).out, "");
  const Outcome outcome = run(program);
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out,
            "{\"a\": [1, -1, 1.5], \"b\": null}\n"
            "[_ true, (_ \"a\", \"\\\"\"), h'00ab']\n"
            "1(Infinity)\n"
            "-18446744073709551616\n"
            "\"\\u0001\\\\\xc3\xa4\"\n"
            "[simple(0), NaN]\n"
            "refused\n");
}

}  // namespace
}  // namespace ffi_cts::bindgen
