#include "harness/conversation/wire.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ffi_cts::peer {
namespace {

constexpr std::size_t most_buffered = 64u << 20;
constexpr int deepest = 200;
constexpr unsigned unsigned_integer = 0, byte_string = 2, text_string = 3, array = 4;

struct Head {
  unsigned major = 0, info = 0;
  std::uint64_t argument = 0;
  std::size_t size = 0;  // of the head itself
};

// Nothing: not all there, or a reserved form.
std::optional<Head> read_head(ByteView bytes) {
  if (bytes.empty()) return std::nullopt;
  Head head{unsigned{bytes[0]} >> 5, bytes[0] & 0x1fu, bytes[0] & 0x1fu, 1};
  if (head.info >= 28 && head.info < 31) return std::nullopt;
  if (head.info < 24 || head.info == 31) return head;
  const std::size_t length = std::size_t{1} << (head.info - 24);
  if (bytes.size() < 1 + length) return std::nullopt;
  head.argument = 0;
  for (std::size_t i = 1; i <= length; ++i) head.argument = head.argument << 8 | bytes[i];
  head.size = 1 + length;
  return head;
}

std::optional<std::size_t> size_at(ByteView bytes, int depth);

// The items up to the break of something indefinite; strings consist of definite pieces of their own kind.
std::optional<std::size_t> indefinite_size(ByteView bytes, unsigned major, int depth) {
  std::size_t at = 1;
  for (std::size_t count = 0;; ++count) {
    if (at >= bytes.size()) return std::nullopt;
    if (bytes[at] == 0xff) return major == 5 && count % 2 ? std::nullopt : std::optional(at + 1);
    if (major < array) {
      const auto piece = read_head(bytes.subspan(at));
      if (!piece || piece->major != major || piece->info == 31) return std::nullopt;
    }
    const auto size = size_at(bytes.subspan(at), depth - 1);
    if (!size) return std::nullopt;
    at += *size;
  }
}

std::optional<std::size_t> size_at(ByteView bytes, int depth) {
  const auto head = read_head(bytes);
  if (!head || depth <= 0) return std::nullopt;
  if (head->info == 31) {
    const bool may_be = head->major >= byte_string && head->major <= 5;
    return may_be ? indefinite_size(bytes, head->major, depth) : std::nullopt;
  }
  if (head->major == 7) return head->info == 24 && head->argument < 32 ? std::nullopt : std::optional(head->size);
  if (head->major < byte_string) return head->size;
  if (head->major <= text_string) {
    if (head->argument > bytes.size() - head->size) return std::nullopt;
    return head->size + static_cast<std::size_t>(head->argument);
  }
  if (head->major != 6 && head->argument > bytes.size()) return std::nullopt;  // each item takes a byte at least
  std::uint64_t left = head->major == 6 ? 1 : head->major == 5 ? 2 * head->argument : head->argument;
  std::size_t at = head->size;
  for (; left > 0; --left) {
    const auto size = size_at(bytes.subspan(at), depth - 1);
    if (!size) return std::nullopt;
    at += *size;
  }
  return at;
}

// Walks the parts of a message. What is not as it should be is told by throwing what it is.
class MessageReader {
 public:
  MessageReader(ByteView content, Dialect dialect) : rest_(content), dialect_(dialect) {}

  Message read() {
    const std::uint64_t parts = take(array, "a message is an array");
    const std::string name = text("its first part is a text");
    const auto found = std::find(message_names.begin(), message_names.end(), name);
    if (found == message_names.end()) throw fmt::format("unknown message \"{}\"", name);
    Message message{static_cast<MessageKind>(found - message_names.begin())};
    constexpr std::array<std::uint64_t, 6> arity{4, 4, 3, 3, 2, 3};
    const std::uint64_t due = arity[static_cast<std::size_t>(message.kind)];
    if (parts != due) throw fmt::format("{} of {} parts, not {}", name, parts, due);
    body(message);
    if (!rest_.empty()) throw fmt::format("{} bytes follow the message", rest_.size());
    return message;
  }

 private:
  void body(Message& message) {
    using enum MessageKind;
    if (message.kind != transport_error) message.local = id("LPID");
    if (message.kind == send || message.kind == link || message.kind == proxy_id) message.remote = id("RPID");
    if (message.kind == send_named) message.text = text("the name is a text");
    if (message.kind == exit || message.kind == transport_error) message.text = text("the reason is a text");
    if (message.kind == send || message.kind == send_named) message.payload = item();
  }

  std::uint64_t take(unsigned major, const char* otherwise) {
    const auto head = read_head(rest_);
    if (!head || head->major != major || head->info == 31) throw std::string(otherwise);
    rest_ = rest_.subspan(head->size);
    return head->argument;
  }

  std::string text(const char* otherwise) {
    const std::uint64_t size = take(text_string, otherwise);
    if (size > rest_.size()) throw std::string("a text ends outside the message");
    std::string out(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(size));
    if (!is_utf8(out)) throw std::string("a text is no UTF-8");
    rest_ = rest_.subspan(static_cast<std::size_t>(size));
    return out;
  }

  std::uint64_t id(const char* tag) {
    if (dialect_ == Dialect::tagged &&
        (take(array, "a tagged id is an array") != 2 || text("its tag is a text") != tag))
      throw fmt::format("an id is not [\"{}\", n]", tag);
    return take(unsigned_integer, "an id is no unsigned integer");
  }

  Bytes item() {
    const auto size = item_size(rest_);
    if (!size) throw std::string("the payload is no well-formed item");
    Bytes out(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(*size));
    rest_ = rest_.subspan(*size);
    return out;
  }

  ByteView rest_;
  Dialect dialect_;
};

void write_id(Bytes& out, std::uint64_t id, const char* tag, Dialect dialect) {
  if (dialect == Dialect::tagged) {
    write_head(out, array, 2);
    write_text(out, tag);
  }
  write_head(out, unsigned_integer, id);
}

}  // namespace

void write_head(Bytes& out, unsigned major, std::uint64_t argument, unsigned least) {
  const unsigned needed = argument < 24 ? 0 : argument < 0x100 ? 1 : argument < 0x10000 ? 2 : argument >> 32 ? 8 : 4;
  const unsigned size = std::max(needed, least);
  const unsigned info = size == 0   ? static_cast<unsigned>(argument)
                        : size == 1 ? 24
                        : size == 2 ? 25
                        : size == 4 ? 26
                                    : 27;
  out.push_back(static_cast<std::uint8_t>(major << 5 | info));
  for (unsigned i = size; i-- > 0;) out.push_back(static_cast<std::uint8_t>(argument >> (8 * i)));
}

void write_text(Bytes& out, std::string_view text) {
  write_head(out, text_string, text.size());
  out.insert(out.end(), text.begin(), text.end());
}

Bytes write_frame(ByteView content, HeadForm form) {
  constexpr std::array<unsigned, 5> sizes{0, 1, 2, 4, 8};
  const auto number = static_cast<std::size_t>(form);
  Bytes out;
  write_head(out, number < 5 ? byte_string : text_string, content.size(), sizes[number % 5]);
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

Bytes write_message(const Message& message, Dialect dialect) {
  using enum MessageKind;
  constexpr std::array<std::uint64_t, 6> arity{4, 4, 3, 3, 2, 3};
  Bytes out;
  write_head(out, array, arity[static_cast<std::size_t>(message.kind)]);
  write_text(out, message_names[static_cast<std::size_t>(message.kind)]);
  if (message.kind != transport_error) write_id(out, message.local, "LPID", dialect);
  if (message.kind == send || message.kind == link || message.kind == proxy_id)
    write_id(out, message.remote, "RPID", dialect);
  if (message.kind == send_named || message.kind == exit || message.kind == transport_error)
    write_text(out, message.text);
  out.insert(out.end(), message.payload.begin(), message.payload.end());
  return out;
}

std::optional<std::size_t> item_size(ByteView bytes) {
  return size_at(bytes, deepest);
}

std::variant<Message, std::string> read_message(ByteView content, Dialect dialect) {
  try {
    return MessageReader(content, dialect).read();
  } catch (const std::string& why) {
    return why;
  }
}

std::optional<Frame> FrameReader::next() {
  if (!broken_.empty()) return std::nullopt;
  const ByteView left = rest();
  if (left.empty()) return std::nullopt;
  const unsigned major = left[0] >> 5, info = left[0] & 0x1f;
  if ((major != byte_string && major != text_string) || info > 27) {
    broken_ = fmt::format("{} begins no definite string", to_hex(left, 8));
    return std::nullopt;
  }
  const auto head = read_head(left);
  if (!head) return std::nullopt;
  if (head->argument > most_buffered) {
    broken_ = fmt::format("a frame of {} bytes is announced", head->argument);
    return std::nullopt;
  }
  const auto size = static_cast<std::size_t>(head->argument);
  if (left.size() - head->size < size) return std::nullopt;
  const auto content = left.subspan(head->size, size);
  Frame frame{{left.begin(), left.begin() + static_cast<std::ptrdiff_t>(head->size)}, {content.begin(), content.end()}};
  begin_ += head->size + size;
  if (begin_ > 1u << 16 || begin_ == buffer_.size()) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
    begin_ = 0;
  }
  return frame;
}

std::string to_hex(ByteView bytes, std::size_t most) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size() && i < most; ++i) out += fmt::format("{:02x}", bytes[i]);
  return bytes.size() > most ? out + fmt::format("… ({} bytes)", bytes.size()) : out;
}

std::string to_text(const Message& message) {
  const auto payload = [&] {
    const Decoded value = decode(message.payload);
    return value ? to_text(*value.value, 40) : to_hex(message.payload);
  };
  switch (message.kind) {
    case MessageKind::send:
      return fmt::format("send {} -> {} {}", message.local, message.remote, payload());
    case MessageKind::send_named:
      return fmt::format("send_named {} -> \"{}\" {}", message.local, message.text, payload());
    case MessageKind::link:
      return fmt::format("link {} -> {}", message.local, message.remote);
    case MessageKind::exit:
      return fmt::format("exit {} \"{}\"", message.local, message.text);
    case MessageKind::transport_error:
      return fmt::format("transport_error \"{}\"", message.text);
    case MessageKind::proxy_id:
      return fmt::format("proxy_id {} -> {}", message.local, message.remote);
  }
  return "";
}

}  // namespace ffi_cts::peer
