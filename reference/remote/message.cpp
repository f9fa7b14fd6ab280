#include "reference/remote/message.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "reference/cbor/cbor.hpp"

namespace ffi_cts::remote {
namespace {

constexpr std::string_view local_tag = "LPID", remote_tag = "RPID";

// --- encoding -----------------------------------------------------------------------------------------------------

class Head {
 public:
  Head(cbor::Writer& out, Dialect dialect) : out_(out), dialect_(dialect) {}

  Payload operator()(const Send& m) { return begin(4, "send").local(m.from).remote(m.to).before(m.payload); }
  Payload operator()(const SendNamed& m) { return begin(4, "send_named").local(m.from).text(m.name).before(m.payload); }
  Payload operator()(const Link& m) { return begin(3, "link").local(m.from).remote(m.to).before({}); }
  Payload operator()(const Exit& m) { return begin(3, "exit").local(m.who).text(m.reason).before({}); }
  Payload operator()(const TransportError& m) { return begin(2, "transport_error").text(m.reason).before({}); }
  Payload operator()(const ProxyId& m) { return begin(3, "proxy_id").local(m.proxy).remote(m.actor).before({}); }
  Payload operator()(const MessageError&) { return {}; }  // is no message

 private:
  Head& begin(std::size_t size, std::string_view name) {
    out_.array(size);
    return text(name);
  }
  Head& text(std::string_view value) {
    out_.text(value);
    return *this;
  }
  Head& local(Id id) { return tagged(local_tag, id); }
  Head& remote(Id id) { return tagged(remote_tag, id); }
  Head& tagged(std::string_view tag, Id id) {
    if (dialect_ == Dialect::tagged) begin(2, tag);
    out_.unsigned_integer(id);
    return *this;
  }
  static Payload before(Payload payload) { return payload; }

  cbor::Writer& out_;
  const Dialect dialect_;
};

// --- decoding -----------------------------------------------------------------------------------------------------

constexpr std::size_t longest_quote = 100;

class Parser {
 public:
  Parser(std::span<const std::uint8_t> content, Dialect dialect)
      : reader_(content), items_(definite(reader_).array()), dialect_(dialect) {}

  Message message() {
    if (!items_.more()) throw cbor::Error("an empty list");
    std::string joined;
    const std::string_view name = definite(reader_).key(joined);
    if (name == "send") return read<Send>("send", &Send::from, &Send::to, &Send::payload);
    if (name == "send_named")
      return read<SendNamed>("send_named", &SendNamed::from, &SendNamed::name, &SendNamed::payload);
    if (name == "link") return read<Link>("link", &Link::from, &Link::to);
    if (name == "exit") return read<Exit>("exit", &Exit::who, &Exit::reason);
    if (name == "transport_error") return read<TransportError>("transport_error", &TransportError::reason);
    if (name == "proxy_id") return read<ProxyId>("proxy_id", &ProxyId::proxy, &ProxyId::actor);
    if (!cbor::is_utf8(name)) throw cbor::Error("its name is not UTF-8");
    return MessageError{"unknown message '" + std::string(beginning(name, longest_quote)) + "'"};
  }

 private:
  // WIRE-4: what a message consists of says its length first. A payload may be as it likes.
  static cbor::Reader& definite(cbor::Reader& reader) {
    if (reader.indefinite()) throw cbor::Error("an item of definite length is due");
    return reader;
  }

  template <class M, class... Field>
  Message read(const char* name, Field M::*... fields) {
    M message;
    try {
      (read(message.*fields), ...);
      if (items_.more()) throw cbor::Error("it is too long");
    } catch (const cbor::Error& error) {
      throw cbor::Error(std::string(name) + ": " + error.what());
    }
    reader_.end();
    return message;
  }

  void read(Id& id) {
    next("an id is missing");
    const std::string_view tag = ids_++ == 0 ? local_tag : remote_tag;
    if (dialect_ == Dialect::plain) {
      id = reader_.unsigned_integer();
      return;
    }
    auto items = definite(reader_).array();
    std::string joined;
    const bool right = items.more() && definite(reader_).key(joined) == tag && items.more();
    if (right) id = reader_.unsigned_integer();
    if (!right || items.more()) throw cbor::Error("[\"" + std::string(tag) + "\", n] is due");
  }
  void read(std::string& text) {
    next("a text is missing");
    text = definite(reader_).text();
  }
  void read(Payload& payload) {
    next("the payload is missing");
    payload = reader_.opaque();
  }
  void next(const char* otherwise) {
    if (!items_.more()) throw cbor::Error(otherwise);
  }

  cbor::Reader reader_;
  cbor::Reader::Entries items_;
  const Dialect dialect_;
  unsigned ids_ = 0;
};

// --- send, at a glance --------------------------------------------------------------------------------------------

// Nearly all messages are a plain `send` of definite length. They are read and written without a look at what else
// there is; whatever is not quite like that takes the way of all others.
constexpr std::array<std::uint8_t, 6> send_begins{0x84, 0x64, 's', 'e', 'n', 'd'};

// False: there is none.
bool take_id(const std::uint8_t*& at, const std::uint8_t* end, Id& id) {
  if (at == end || *at > 0x1b) return false;
  id = *at++;
  if (id < 24) return true;
  const std::ptrdiff_t size = std::ptrdiff_t{1} << (id - 24);
  if (end - at < size) return false;
  id = 0;
  for (const std::uint8_t* const behind = at + size; at != behind; ++at) id = id << 8 | *at;
  return true;
}

std::uint8_t* put_id(std::uint8_t* at, Id id) {
  if (id < 24) {
    *at = static_cast<std::uint8_t>(id);
    return at + 1;
  }
  const unsigned width = id < 0x100 ? 0 : id < 0x1'0000 ? 1 : id < 0x1'0000'0000 ? 2 : 3;
  *at++ = static_cast<std::uint8_t>(24 + width);
  for (unsigned left = 1U << width; left-- > 0;) *at++ = static_cast<std::uint8_t>(id >> (8 * left));
  return at;
}

}  // namespace

bool is_plain_send(std::span<const std::uint8_t> content, Send& send) {
  if (content.size() < send_begins.size() || std::memcmp(content.data(), send_begins.data(), send_begins.size()) != 0)
    return false;
  const std::uint8_t *at = content.data() + send_begins.size(), *const end = content.data() + content.size();
  if (!take_id(at, end, send.from) || !take_id(at, end, send.to)) return false;
  send.payload = {at, end};
  return cbor::well_formed(send.payload);
}

Message decode(std::span<const std::uint8_t> content, Dialect dialect) {
  if (Send send; dialect == Dialect::plain && is_plain_send(content, send)) return send;
  try {
    return Parser(content, dialect).message();
  } catch (const cbor::Error& error) {
    return MessageError{std::string("ill-formed message: ") + error.what()};
  }
}

Payload encode_head(cbor::Writer& out, const Message& message, Dialect dialect) {
  return std::visit(Head(out, dialect), message);
}

std::span<const std::uint8_t> PlainSendHead::write(Id from, Id to) {
  std::uint8_t* const end = put_id(put_id(std::copy(send_begins.begin(), send_begins.end(), bytes_.data()), from), to);
  return {bytes_.data(), end};
}

std::vector<std::uint8_t> encode(const Message& message, Dialect dialect) {
  cbor::Writer out;
  out.item(encode_head(out, message, dialect));
  return {out.bytes().begin(), out.bytes().end()};
}

std::string_view beginning(std::string_view utf8, std::size_t most) {
  if (utf8.size() <= most) return utf8;
  while (most > 0 && (static_cast<unsigned char>(utf8[most]) & 0xc0U) == 0x80) --most;
  return utf8.substr(0, most);
}

}  // namespace ffi_cts::remote
