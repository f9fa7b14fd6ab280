#include "reference/remote/message.hpp"

#include "reference/cbor/cbor.hpp"

namespace ffi_cts::remote {

std::vector<std::uint8_t> encode(const Send& message) {
  cbor::Writer writer;
  writer.array(4);
  writer.text("send");
  writer.unsigned_integer(message.from);
  writer.unsigned_integer(message.to);
  writer.item(message.payload);
  const cbor::Written written = writer.take();
  return {written.bytes().begin(), written.bytes().end()};
}

std::variant<Send, MessageError> decode(std::span<const std::uint8_t> content) {
  const auto expect = [](bool more, const char* otherwise) {
    if (!more) throw cbor::Error(otherwise);
  };
  try {
    cbor::Reader reader(content);
    auto items = reader.array();
    expect(items.more(), "an empty list");
    if (const std::string tag = reader.text(); tag != "send") return MessageError{"unknown message '" + tag + "'"};
    Send message;
    for (std::uint64_t* const id : {&message.from, &message.to}) {
      expect(items.more(), "send: an id is missing");
      *id = reader.unsigned_integer();
    }
    expect(items.more(), "send: the payload is missing");
    message.payload = reader.item();
    expect(!items.more(), "send: more than a payload");
    reader.end();
    return message;
  } catch (const cbor::Error& error) {
    return MessageError{std::string("ill-formed message: ") + error.what()};
  }
}

}  // namespace ffi_cts::remote
