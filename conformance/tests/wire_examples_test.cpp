// The hex in chapters 9 and 10: it is what the judge's encoder writes and the reference's, and it means what stands
// beside it.
#include <gmock/gmock.h>

#include <fstream>
#include <set>
#include <sstream>

#include "harness/conversation/wire.hpp"
#include "reference/remote/frame.hpp"
#include "reference/remote/message.hpp"

namespace ffi_cts::peer {
namespace {

struct Example {
  std::string above, line;  // the line that says what it is, and its own
  Dialect dialect = Dialect::plain;
  Bytes bytes;
};

// The bytes at the beginning of the text, up to what is no hex.
Bytes hex_of(std::istringstream words) {
  Bytes out;
  for (std::string word;
       words >> word && word.size() % 2 == 0 && word.find_first_not_of("0123456789abcdef") == std::string::npos;)
    for (std::size_t i = 0; i < word.size(); i += 2)
      out.push_back(static_cast<std::uint8_t>(std::stoi(word.substr(i, 2), nullptr, 16)));
  return out;
}

std::vector<Example> examples(const std::string& chapter) {
  std::ifstream file(FFI_CTS_SOURCE_DIR "/spec/" + chapter);
  std::vector<Example> out;
  std::string above;
  for (std::string line; std::getline(file, line);) {
    const bool tagged = line.starts_with("  tagged  "), plain = line.starts_with("  plain   "),
               talk = line.starts_with("> 5a") || line.starts_with("< 5a");
    if (tagged || plain || talk)
      out.push_back({above, line, tagged ? Dialect::tagged : Dialect::plain,
                     hex_of(std::istringstream(line.substr(talk ? 2 : 10)))});
    else
      above = line;
  }
  return out;
}

std::vector<Example> all_examples() {
  std::vector<Example> out = examples("9_wire.md"), more = examples("10_remote.md");
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

TEST(WireExamples, EachIsOneFrameWithOneMessageAndTheJudgeWritesTheSame) {
  std::set<std::pair<MessageKind, Dialect>> kinds;
  for (const Example& example : all_examples()) {
    SCOPED_TRACE(example.line);
    FrameReader reader;
    reader.feed(example.bytes);
    const auto frame = reader.next();
    ASSERT_TRUE(frame);
    EXPECT_TRUE(reader.rest().empty());
    const auto read = read_message(frame->content, example.dialect);
    ASSERT_TRUE(std::holds_alternative<Message>(read)) << std::get<std::string>(read);
    const Message& message = std::get<Message>(read);
    EXPECT_EQ(write_frame(write_message(message, example.dialect)), example.bytes);
    kinds.emplace(message.kind, example.dialect);
    const std::string name(message_names[static_cast<std::size_t>(message.kind)]);
    EXPECT_THAT(example.line.find(name) == std::string::npos ? example.above : example.line, testing::HasSubstr(name));
  }
  EXPECT_EQ(kinds.size(), 12u);  // six messages in two dialects
}

TEST(WireExamples, TheReferenceWritesAndReadsTheSame) {
  for (const Example& example : all_examples()) {
    SCOPED_TRACE(example.line);
    remote::FrameReader reader;
    reader.feed(example.bytes);
    const auto content = reader.next();
    ASSERT_TRUE(content);
    std::vector<std::uint8_t> written;
    remote::write_frame(written, *content);
    EXPECT_EQ(written, example.bytes);
    const auto dialect = example.dialect == Dialect::plain ? remote::Dialect::plain : remote::Dialect::tagged;
    const remote::Message message = remote::decode(*content, dialect);
    EXPECT_FALSE(std::holds_alternative<remote::MessageError>(message));
    EXPECT_EQ(remote::encode(message, dialect), std::vector<std::uint8_t>(content->begin(), content->end()));
  }
}

}  // namespace
}  // namespace ffi_cts::peer
