// What steps send: ids, items, and all that is no frame or no message.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

#include "harness/conversation/conversation.hpp"

namespace ffi_cts::peer {
namespace {

// Items in any of CBOR's ways to write them: longer heads than needed, indefinite lengths, tags, all kinds of floats.
class ItemWriter {
 public:
  explicit ItemWriter(std::uint32_t seed) : state_(seed) {}

  void write(Bytes& out, std::size_t room, int depth) {
    const std::uint32_t kind = random() % (depth > 0 && room > 4 ? 9 : 6);
    switch (kind) {
      case 0:
        return head(out, random() % 2, random() % 3 ? random() % 40 : random());
      case 1:
        return simple(out);
      case 2:
        return string(out, 2, std::min<std::size_t>(room, random() % 300));
      case 3:
        return string(out, 3, std::min<std::size_t>(room, random() % 60));
      case 4:
        return string(out, 2 + random() % 2, room);
      case 5:
        return chunked(out, room);
      case 6:
        return several(out, 4, room, depth);
      case 7:
        return several(out, 5, room, depth);
      default:
        head(out, 6, 40'000 + random() % 1000);  // tags that nobody gives a meaning to
        return write(out, room, depth - 1);
    }
  }

 private:
  void head(Bytes& out, unsigned major, std::uint64_t argument) {
    constexpr std::array<unsigned, 7> least{0, 0, 0, 1, 2, 4, 8};
    write_head(out, major, argument, least[random() % least.size()]);
  }
  void simple(Bytes& out) {
    static const std::array<Bytes, 8> all{Bytes{0xf4},
                                          Bytes{0xf5},
                                          Bytes{0xf6},
                                          Bytes{0xf7},
                                          Bytes{0xf9, 0x3c, 0x00},
                                          Bytes{0xfa, 0x7f, 0xc0, 0x00, 0x01},  // a NaN with a payload
                                          Bytes{0xfb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0},
                                          Bytes{0xfb, 0x80, 0, 0, 0, 0, 0, 0, 0}};
    const Bytes& one = all[random() % all.size()];
    out.insert(out.end(), one.begin(), one.end());
  }
  void string(Bytes& out, unsigned major, std::size_t size) {
    head(out, major, size);
    for (std::size_t i = 0; i < size; ++i) out.push_back(major == 2 ? static_cast<std::uint8_t>(random()) : letter());
  }
  std::uint8_t letter() { return static_cast<std::uint8_t>('a' + random() % 26); }
  void chunked(Bytes& out, std::size_t room) {
    const unsigned major = 2 + random() % 2;
    out.push_back(static_cast<std::uint8_t>(major << 5 | 31));
    for (std::uint32_t pieces = random() % 3; pieces > 0; --pieces) string(out, major, std::min<std::size_t>(room, 5));
    out.push_back(0xff);
  }
  void several(Bytes& out, unsigned major, std::size_t room, int depth) {
    const std::size_t count = 1 + random() % 4, each = major == 5 ? 2 : 1;
    const bool indefinite = random() % 2;
    indefinite ? out.push_back(static_cast<std::uint8_t>(major << 5 | 31)) : head(out, major, count);
    for (std::size_t i = 0; i < count; ++i) {
      if (each == 2) string(out, 3, 3);  // keys that differ, most likely
      write(out, room / count, depth - 1);
    }
    if (indefinite) out.push_back(0xff);
  }

  // SplitMix64: the same on every machine.
  std::uint32_t random() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return static_cast<std::uint32_t>(z >> 32);
  }

  std::uint64_t state_;
};

using Parts = std::vector<Bytes>;  // of a message, each an encoded item

Bytes text_item(std::string_view text) {
  Bytes out;
  write_text(out, text);
  return out;
}

Bytes id_item(std::uint64_t id, const char* tag, Dialect dialect) {
  Bytes out;
  if (dialect == Dialect::tagged) {
    write_head(out, 4, 2);
    write_text(out, tag);
  }
  write_head(out, 0, id);
  return out;
}

Bytes message_of(const Parts& parts) {
  Bytes out;
  write_head(out, 4, parts.size());
  for (const Bytes& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

// A good message of each kind, to be spoiled.
Parts good(MessageKind kind, Dialect dialect) {
  using enum MessageKind;
  Parts parts{text_item(message_names[static_cast<std::size_t>(kind)])};
  if (kind != transport_error) parts.push_back(id_item(id_of_judge(1), "LPID", dialect));
  if (kind == send || kind == link || kind == proxy_id) parts.push_back(id_item(id_of_nobody, "RPID", dialect));
  if (kind == send_named) parts.push_back(text_item("conformance"));
  if (kind == exit || kind == transport_error) parts.push_back(text_item("why not"));
  if (kind == send || kind == send_named) parts.push_back(Bytes{0x81, 0x61, 'x'});
  return parts;
}

using Maker = std::function<Bytes(Dialect, std::size_t limit)>;
struct Entry {
  Fault fault;
  Maker make;
};

void add_frames(std::vector<Entry>& out) {
  const auto raw = [&](std::string name, Bytes bytes) {
    out.push_back({{std::move(name), FaultClass::frame}, [bytes](Dialect, std::size_t) { return bytes; }});
  };
  const auto sized = [&](std::string name, unsigned major, unsigned least, std::uint64_t more) {
    out.push_back({{std::move(name), FaultClass::frame}, [=](Dialect, std::size_t limit) {
                     Bytes bytes;
                     write_head(bytes, major, limit + more, least);
                     return bytes;
                   }});
  };
  sized("a frame one byte over the limit", 2, 4, 1);
  sized("a frame one byte over the limit, as a text", 3, 4, 1);
  sized("a frame far over the limit", 2, 8, 1'000'000'000'000);
  raw("a frame of 4 GiB", {0x5a, 0xff, 0xff, 0xff, 0xff, 'a', 'b', 'c'});
  raw("a frame of 2^64 - 1 bytes", {0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
  raw("an indefinite byte string", {0x5f, 0x41, 0x80, 0xff});
  raw("an indefinite text", {0x7f, 0x61, 'a', 0xff});
  raw("a reserved head", {0x5c});
  raw("an array without a frame", {0x83, 0x64, 'l', 'i', 'n', 'k', 1, 2});
  raw("a number for a frame", {0x00});
  raw("a map for a frame", {0xa0});
  raw("a null for a frame", {0xf6});
  raw("a break for a frame", {0xff});
  raw("a tagged frame", {0xc1, 0x41, 0x80});
  raw("lines of text", {'\n', 'H', 'e', 'l', 'l', 'o', '\n'});
}

void add_spoiled(std::vector<Entry>& out, MessageKind kind) {
  using enum MessageKind;
  const std::string name(message_names[static_cast<std::size_t>(kind)]);
  const auto spoiled = [&](const std::string& how, const std::function<void(Parts&, Dialect)>& spoil) {
    out.push_back({{name + " with " + how, FaultClass::shape}, [kind, spoil](Dialect dialect, std::size_t) {
                     Parts parts = good(kind, dialect);
                     spoil(parts, dialect);
                     return write_frame(message_of(parts));
                   }});
  };
  spoiled("a part more", [](Parts& parts, Dialect) { parts.push_back(Bytes{0x01}); });
  spoiled("a part less", [](Parts& parts, Dialect) { parts.pop_back(); });
  if (kind == transport_error) return spoiled("a number as reason", [](Parts& parts, Dialect) { parts[1] = {0x05}; });
  spoiled("a negative id", [](Parts& parts, Dialect) { parts[1].back() = 0x20; });
  spoiled("a text as id", [](Parts& parts, Dialect) { parts[1] = text_item("1"); });
  spoiled("a null as id", [](Parts& parts, Dialect) { parts[1] = {0xf6}; });
  spoiled("an id of the other dialect", [](Parts& parts, Dialect dialect) {
    parts[1] = id_item(1, "LPID", dialect == Dialect::plain ? Dialect::tagged : Dialect::plain);
  });
  if (kind == send || kind == link || kind == proxy_id)
    spoiled("a negative receiver", [](Parts& parts, Dialect) { parts[2] = {0x20}; });
  if (kind == send_named) spoiled("a number as name", [](Parts& parts, Dialect) { parts[2] = {0x05}; });
  if (kind == exit) spoiled("bytes as reason", [](Parts& parts, Dialect) { parts[2] = {0x41, 'x'}; });
}

// WIRE-4: a message's arrays and texts say their length first.
void add_indefinite(std::vector<Entry>& out) {
  const auto entry = [&](std::string name, const std::function<Bytes(Dialect)>& make) {
    out.push_back({{std::move(name), FaultClass::shape},
                   [make](Dialect dialect, std::size_t) { return write_frame(make(dialect)); }});
  };
  entry("proxy_id in an indefinite array", [](Dialect dialect) {
    Bytes content = message_of(good(MessageKind::proxy_id, dialect));
    content[0] = 0x9f;
    content.push_back(0xff);
    return content;
  });
  entry("proxy_id with its name in pieces", [](Dialect dialect) {
    Parts parts = good(MessageKind::proxy_id, dialect);
    parts[0].insert(parts[0].begin(), 0x7f);
    parts[0].push_back(0xff);
    return message_of(parts);
  });
}

void add_messages(std::vector<Entry>& out) {
  const auto content = [&](std::string name, Bytes bytes) {
    out.push_back(
        {{std::move(name), FaultClass::message}, [bytes](Dialect, std::size_t) { return write_frame(bytes); }});
  };
  const auto named = [&](std::string_view tag) {
    out.push_back({{fmt::format("unknown message {}", tag.empty() ? "without a name" : tag), FaultClass::message},
                   [tag = std::string(tag)](Dialect dialect, std::size_t) {
                     Parts parts = good(MessageKind::link, dialect);
                     parts[0] = text_item(tag);
                     return write_frame(message_of(parts));
                   }});
  };
  for (const char* tag : {"sned", "SEND", "sen", "sending", "spawn", ""}) named(tag);
  content("an empty frame", {});
  content("an empty array", {0x80});
  content("a number for a message", {0x07});
  content("a map for a message", {0xa1, 0x64, 's', 'e', 'n', 'd', 0x01});
  content("a message whose name is a number", {0x83, 0x01, 0x02, 0x03});
  content("a message whose name is bytes", {0x83, 0x44, 'l', 'i', 'n', 'k', 1, 2});
  content("a message that ends early", {0x83, 0x64, 'l', 'i'});
  content("a reserved byte for a message", {0x1c});
  out.push_back({{"two messages in a frame", FaultClass::message}, [](Dialect dialect, std::size_t) {
                   Bytes both = message_of(good(MessageKind::proxy_id, dialect));
                   const Bytes once = both;
                   both.insert(both.end(), once.begin(), once.end());
                   return write_frame(both);
                 }});
  out.push_back({{"send with a payload that ends early", FaultClass::message}, [](Dialect dialect, std::size_t) {
                   Parts parts = good(MessageKind::send, dialect);
                   parts.back() = {0x84, 0x01};
                   return write_frame(message_of(parts));
                 }});
}

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all = [] {
    std::vector<Entry> out;
    add_frames(out);
    for (std::size_t kind = 0; kind < message_names.size(); ++kind) add_spoiled(out, static_cast<MessageKind>(kind));
    add_messages(out);
    add_indefinite(out);  // behind the others, whose numbers stay
    return out;
  }();
  return all;
}

const Entry* find(std::string_view name) {
  const auto found =
      std::find_if(entries().begin(), entries().end(), [&](const Entry& e) { return e.fault.name == name; });
  return found == entries().end() ? nullptr : &*found;
}

}  // namespace

std::uint64_t id_of_judge(int actor) {
  constexpr std::array<std::uint64_t, judges_actors> ids{1, 200, 300, 70'000, 5'000'000'000, 9'007'199'254'740'991};
  return ids[static_cast<std::size_t>(actor - 1) % ids.size()];
}

Bytes any_item(std::uint32_t size, std::uint32_t seed) {
  Bytes out;
  if (size <= 1) {
    out.push_back(static_cast<std::uint8_t>(seed % 24));
  } else if (size > 2000) {
    write_head(out, 2, size);
    out.resize(out.size() + size, static_cast<std::uint8_t>(seed));
  } else {
    ItemWriter(seed * 2654435761u + 1).write(out, size, 4);
  }
  return out;
}

std::optional<std::uint64_t> echo_number(ByteView payload) {
  static constexpr std::array<std::uint8_t, 7> begin{0x82, 0x64, 'e', 'c', 'h', 'o', 0x82};
  if (payload.size() <= begin.size() || !std::equal(begin.begin(), begin.end(), payload.begin())) return std::nullopt;
  const ByteView rest = payload.subspan(begin.size());
  const auto size = rest[0] >> 5 == 0 ? item_size(rest) : std::nullopt;
  const Decoded number = size ? decode(rest.first(*size)) : Decoded{};
  return number ? number.value->uint() : std::nullopt;
}

const std::vector<Fault>& faults() {
  static const std::vector<Fault> all = [] {
    std::vector<Fault> out;
    for (const Entry& entry : entries()) out.push_back(entry.fault);
    return out;
  }();
  return all;
}

FaultClass fault_class(std::string_view name) {
  const Entry* entry = find(name);
  return entry ? entry->fault.kind : FaultClass::none;
}

Bytes fault_bytes(std::string_view name, Dialect dialect, std::size_t limit) {
  const Entry* entry = find(name);
  return entry ? entry->make(dialect, limit) : Bytes{};
}

}  // namespace ffi_cts::peer
