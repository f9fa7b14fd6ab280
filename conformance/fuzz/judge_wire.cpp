// libFuzzer: the judge's frames and messages. Cutting changes nothing, and what is read as a message is written and
// read again as the same one.
#include <cstdlib>

#include "harness/conversation/wire.hpp"

namespace {

using namespace ffi_cts;
using namespace ffi_cts::peer;

std::vector<Bytes> contents(ByteView stream, std::size_t piece) {
  std::vector<Bytes> out;
  FrameReader reader;
  for (; !stream.empty(); stream = stream.subspan(std::min(piece, stream.size()))) {
    reader.feed(stream.first(std::min(piece, stream.size())));
    while (const auto frame = reader.next()) out.push_back(frame->content);
  }
  return out;
}

void check(ByteView content, Dialect dialect) {
  const auto read = read_message(content, dialect);
  const auto* message = std::get_if<Message>(&read);
  if (!message) return;
  const Bytes written = write_message(*message, dialect);
  const auto again = read_message(written, dialect);
  const auto* same = std::get_if<Message>(&again);
  if (!same || write_message(*same, dialect) != written || same->payload != message->payload) std::abort();
  to_text(*message);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView stream(data + 1, size - 1);
  const std::vector<Bytes> whole = contents(stream, size);
  if (whole != contents(stream, 1u + data[0] % 16)) std::abort();
  for (const Dialect dialect : {Dialect::plain, Dialect::tagged}) {
    for (const Bytes& content : whole) check(content, dialect);
    check(stream, dialect);
  }
  return 0;
}
