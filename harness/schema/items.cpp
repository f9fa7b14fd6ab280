#include "harness/schema/items.hpp"

#include <algorithm>
#include <limits>

namespace ffi_cts::schema {
namespace {

constexpr int deepest = 5;  // levels of names, after which lists are empty and what is optional is left out

// Of a seed, the same on every machine (splitmix64).
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t n) { return n == 0 ? 0 : next() % n; }

 private:
  std::uint64_t state_;
};

class Items {
 public:
  Items(const Schema& schema, std::uint32_t size, std::uint32_t seed) : schema_(schema), size_(size), dice_(seed) {}

  Value of(const Type& named, int depth) {
    const Type& type = schema_.resolve(named);
    switch (type.kind) {
      case Kind::text: return text(type);
      case Kind::bytes: return bytes(type);
      case Kind::integer: return integer(type);
      case Kind::unsigned_: return positive();
      case Kind::negative: return -1 - positive();
      case Kind::floating: return static_cast<double>(positive() * (dice_.below(2) ? 1 : -1)) / 4;
      case Kind::boolean: return size_ > 0 && dice_.below(2) == 1;
      case Kind::any: return size_ == 0 || dice_.below(2) ? Value{} : Value("any");
      case Kind::literal: return type.literal;
      case Kind::choice: return choice(type, depth);
      case Kind::map: return map(type, depth);
      case Kind::list: return list(type, depth);
      case Kind::nil:
      case Kind::name: break;
    }
    return {};
  }

 private:
  std::int64_t positive() { return static_cast<std::int64_t>(dice_.below(std::uint64_t{size_} + 1)); }

  std::size_t length(const Type& type) {
    const auto least = type.range ? static_cast<std::uint64_t>(type.range->least) : 0;
    const auto most = type.range ? static_cast<std::uint64_t>(type.range->most) : least + size_;
    return static_cast<std::size_t>(least + dice_.below(std::min<std::uint64_t>(most - least, size_) + 1));
  }

  Value text(const Type& type) {
    std::string out(length(type), 'a');
    for (char& c : out) c = static_cast<char>('a' + dice_.below(26));
    return out;
  }

  Value bytes(const Type& type) {
    Bytes out(length(type));
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(dice_.next());
    return out;
  }

  Value integer(const Type& type) {
    if (!type.range) return dice_.below(2) ? -positive() : positive();
    // Near 0, or near that end of the range that is.
    const auto [least, most] = *type.range;
    if (least > 0) return least + std::min(positive(), most - least);
    if (most < 0) return most - std::min(positive(), most - least);
    return dice_.below(2) ? std::max(-positive(), least) : std::min(positive(), most);
  }

  // Small, or deep down, an alternative that comes to an end at once, if there is one.
  Value choice(const Type& type, int depth) {
    const auto flat = std::ranges::find_if(type.options, [&](const TypePtr& option) {
      const Kind kind = schema_.resolve(*option).kind;
      return kind != Kind::map && kind != Kind::list && kind != Kind::choice;
    });
    if ((size_ == 0 || depth >= deepest) && flat != type.options.end()) return of(**flat, depth + 1);
    return of(*type.options[dice_.below(type.options.size())], depth + 1);
  }

  Value map(const Type& type, int depth) {
    Map out;
    for (const Member& member : type.members) {
      const bool there = !member.optional || (size_ > 0 && depth < deepest && dice_.below(2));
      if (there) out.emplace_back(member.key, of(*member.type, depth + 1));
    }
    return out;
  }

  Value list(const Type& type, int depth) {
    List out;
    for (const TypePtr& place : type.options) out.push_back(of(*place, depth + 1));
    if (!type.element) return out;
    const std::size_t more = depth >= deepest ? 0 : dice_.below(std::min<std::uint64_t>(size_, 3) + 1);
    for (std::size_t i = 0; i < type.fewest + more; ++i) out.push_back(of(*type.element, depth + 1));
    return out;
  }

  const Schema& schema_;
  std::uint32_t size_;
  Dice dice_;
};

// Changes one thing about an item, somewhere in it.
class Change {
 public:
  Change(const Schema& schema, Dice& dice) : schema_(schema), dice_(dice) {}

  Value of(const Type& named, const Value& value) {
    const Type& type = schema_.resolve(named);
    constexpr std::uint64_t here = 3;  // as often as inside of three members
    if (value.map() && dice_.below(value.map()->size() + here) >= here) return inside_map(type, *value.map());
    if (value.list() && dice_.below(value.list()->size() + here) >= here) return inside_list(type, *value.list());
    if (value.map() && dice_.below(2)) return other_keys(*value.map());
    if (type.range && dice_.below(2)) return outside(type);
    const Value others[] = {Value{}, Value(-1), Value("no such text"), Value(Bytes{0xff}), Value(true), Value(0.5), Value(List{}), Value(Map{})};
    return others[dice_.below(std::size(others))];
  }

 private:
  Value outside(const Type& type) {
    const auto [least, most] = *type.range;
    if (type.kind == Kind::integer) return most == std::numeric_limits<std::int64_t>::max() || dice_.below(2) ? Value(least - 1) : Value(most + 1);
    const auto longer = static_cast<std::size_t>(std::min<std::int64_t>(most, 1 << 20)) + 1;
    return type.kind == Kind::text ? Value(std::string(longer, 'x')) : Value(Bytes(longer, 'x'));
  }

  Value other_keys(Map map) {
    if (map.empty() || dice_.below(2)) map.emplace_back("noSuchKey", 1);
    else map.erase(map.begin() + static_cast<std::ptrdiff_t>(dice_.below(map.size())));
    return map;
  }

  Value inside_map(const Type& type, Map map) {
    auto& [key, value] = map[dice_.below(map.size())];
    for (const Member& member : type.members)
      if (key == Value(member.key)) value = of(*member.type, value);
    return map;
  }

  Value inside_list(const Type& type, List list) {
    const std::size_t at = dice_.below(list.size());
    if (type.element) list[at] = of(*type.element, list[at]);
    else if (at < type.options.size()) list[at] = of(*type.options[at], list[at]);
    return list;
  }

  const Schema& schema_;
  Dice& dice_;
};

}  // namespace

Value item_of(const Schema& schema, const Type& type, std::uint32_t size, std::uint32_t seed) { return Items(schema, size, seed).of(type, 0); }

std::optional<Value> near_miss_of(const Schema& schema, const Type& type, std::uint32_t size, std::uint32_t seed) {
  constexpr int tries = 64;
  const Value item = item_of(schema, type, size, seed);
  Dice dice(~seed);
  for (int i = 0; i < tries; ++i)
    if (Value changed = Change(schema, dice).of(type, item); mismatch_of(schema, type, changed)) return changed;
  return std::nullopt;
}

}  // namespace ffi_cts::schema
