#include "harness/native/arguments.hpp"

#include <cstring>

namespace ffi_cts::native {
namespace {

constexpr std::size_t widest = 16;  // alignment of the block
constexpr const char* left_over = "what an absent field happens to hold";

class Builder {
 public:
  explicit Builder(NativeForm form) : form_(form) {}

  Arguments run(const Signature& signature, const Value& values) {
    // First the places of all arguments, so that they lie at the beginning.
    std::vector<std::size_t> at;
    for (const Field& param : signature.params) {
      at.push_back(room(layout_of(param.type)));
      out_.places.push_back(at.back());
      if (has_length(param.type)) out_.places.push_back(room({sizeof(std::size_t), alignof(std::size_t)}));
    }
    std::size_t place = 0;
    for (std::size_t i = 0; i < signature.params.size(); ++i, ++place) {
      const Field& param = signature.params[i];
      const Value* value = values.find(param.key);
      put(param.type, at[i], has_length(param.type) ? out_.places[++place] : 0, value ? *value : Value{});
    }
    out_.block.resize((out_.block.size() + widest - 1) / widest * widest);
    return std::move(out_);
  }

 private:
  std::size_t room(Layout layout) {
    const std::size_t at = (out_.block.size() + layout.align - 1) / layout.align * layout.align;
    out_.block.resize(at + layout.size);
    return at;
  }

  template <typename T>
  void write(std::size_t at, T value) {
    std::memcpy(out_.block.data() + at, &value, sizeof value);
  }

  void point(std::size_t at, std::size_t to) {
    write(at, static_cast<std::uint64_t>(to));
    out_.pointers.push_back(at);
  }

  void text(std::size_t at, const std::string& text) {
    if (text.empty() && form_ == NativeForm::nulls) {
      out_.differs = true;
      return;
    }
    const std::size_t length = std::strlen(text.c_str());
    const std::size_t to = room({length + 1, 1});
    std::memcpy(out_.block.data() + to, text.c_str(), length);
    point(at, to);
  }

  void bytes(std::size_t at, std::size_t length_at, const Bytes& bytes) {
    write(length_at, bytes.size());
    if (bytes.empty() && form_ == NativeForm::nulls) out_.differs = true;
    if (bytes.empty()) return;
    const std::size_t to = room({bytes.size(), 1});
    std::memcpy(out_.block.data() + to, bytes.data(), bytes.size());
    point(at, to);
  }

  void list(const Type& type, std::size_t at, std::size_t length_at, const List& items) {
    write(length_at, items.size());
    if (items.empty()) {
      // Of no item at all, a pointer is as good as NULL.
      if (form_ == NativeForm::nulls) out_.differs = true;
      else point(at, 0);
      return;
    }
    const Type element = element_of(type);
    const Layout layout = layout_of(element);
    const std::size_t to = room({layout.size * items.size(), layout.align});
    point(at, to);
    for (std::size_t i = 0; i < items.size(); ++i) put(element, to + i * layout.size, 0, items[i]);
  }

  void structure(const Struct& structure, std::size_t base, const Value& value) {
    for (const Field& field : structure.fields) {
      const Value* member = value.find(field.key);
      const bool present = member && !member->is_nil();
      if (field.optional) write(base + field.present_at, present ? 1 : 0);
      if (present || !field.optional) put(field.type, base + field.at, base + field.length_at, member ? *member : Value{});
      else if (form_ == NativeForm::absents) leave_something(field.type, base + field.at, base + field.length_at);
    }
  }

  void leave_something(const Type& type, std::size_t at, std::size_t length_at) {
    const std::string words = left_over;
    out_.differs = true;
    switch (type.kind) {
      case Kind::text: return text(at, words);
      case Kind::bytes: return bytes(at, length_at, Bytes(words.begin(), words.end()));
      case Kind::integer:
      case Kind::unsigned_: return write(at, std::int64_t{7'777});
      case Kind::boolean: return write(at, 1);
      case Kind::floating: return write(at, 77.5);
      case Kind::list: return list(type, at, length_at, {Value{}});
      case Kind::structure:
        for (const Field& field : type.structure->fields) leave_something(field.type, at + field.at, at + field.length_at);
        return;
    }
  }

  void put(const Type& type, std::size_t at, std::size_t length_at, const Value& value) {
    switch (type.kind) {
      case Kind::text: return text(at, value.text() ? *value.text() : std::string());
      case Kind::bytes: return bytes(at, length_at, value.bytes() ? *value.bytes() : Bytes());
      case Kind::integer:
      case Kind::unsigned_: return write(at, whole(value));
      case Kind::boolean: return boolean(at, value);
      case Kind::floating: return write(at, number(value));
      case Kind::structure: return structure(*type.structure, at, value);
      case Kind::list: return list(type, at, length_at, value.list() ? *value.list() : List());
    }
  }

  void boolean(std::size_t at, const Value& value) {
    const bool* set = std::get_if<bool>(&value.data);
    const bool on = set && *set;
    if (on && form_ == NativeForm::bools) out_.differs = true;
    write(at, on ? (form_ == NativeForm::bools ? 0x100 : 1) : 0);
  }

  static std::uint64_t whole(const Value& value) {
    if (const auto* u = std::get_if<std::uint64_t>(&value.data)) return *u;
    if (const auto* i = std::get_if<std::int64_t>(&value.data)) return static_cast<std::uint64_t>(*i);
    return 0;
  }
  static double number(const Value& value) {
    if (const auto* d = std::get_if<double>(&value.data)) return *d;
    if (const auto* i = std::get_if<std::int64_t>(&value.data)) return static_cast<double>(*i);
    return static_cast<double>(whole(value));
  }

  NativeForm form_;
  Arguments out_;
};

}  // namespace

Arguments arguments_of(const Signature& signature, const Value& values, NativeForm form) { return Builder(form).run(signature, values); }

void settle(const Arguments& arguments, const void* base, std::uint8_t* to) {
  for (const std::size_t at : arguments.pointers) {
    std::uint64_t offset = 0;
    std::memcpy(&offset, arguments.block.data() + at, sizeof offset);
    const std::uint64_t address = reinterpret_cast<std::uint64_t>(base) + offset;
    std::memcpy(to + at, &address, sizeof address);
  }
}

}  // namespace ffi_cts::native
