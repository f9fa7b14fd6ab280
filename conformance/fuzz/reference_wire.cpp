// libFuzzer: the reference's frames and messages. The first byte says how the stream is cut; what comes out must not
// depend on that, and no content may do harm.
#include <cstdlib>
#include <vector>

#include "reference/remote/frame.hpp"
#include "reference/remote/message.hpp"

namespace {

using namespace ffi_cts::remote;
using Bytes = std::vector<std::uint8_t>;

std::vector<Bytes> contents(std::span<const std::uint8_t> stream, std::size_t piece) {
  std::vector<Bytes> out;
  FrameReader reader;
  for (; !stream.empty(); stream = stream.subspan(std::min(piece, stream.size()))) {
    reader.feed(stream.first(std::min(piece, stream.size())));
    while (const auto content = reader.next()) {
      if (content->size() > default_frame_limit) std::abort();
      out.emplace_back(content->begin(), content->end());
    }
  }
  return out;
}

// What is read as a message is written and read again as the same one.
void check(std::span<const std::uint8_t> content, Dialect dialect) {
  const Message message = decode(content, dialect);
  if (std::holds_alternative<MessageError>(message)) return;
  const Bytes written = encode(message, dialect);
  const Message again = decode(written, dialect);
  if (again.index() != message.index() || encode(again, dialect) != written) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span<const std::uint8_t> stream(data + 1, size - 1);
  const std::vector<Bytes> whole = contents(stream, size);
  if (whole != contents(stream, 1u + data[0] % 16)) std::abort();
  for (const Dialect dialect : {Dialect::plain, Dialect::tagged}) {
    for (const Bytes& content : whole) check(content, dialect);
    check(stream, dialect);
  }
  return 0;
}
