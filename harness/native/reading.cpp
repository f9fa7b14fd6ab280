#include "harness/native/reading.hpp"

#include <fmt/format.h>

#include <cstring>
#include <stdexcept>

#include "harness/native/memory.hpp"

namespace ffi_cts::native {
namespace {

constexpr std::size_t longest = 64u << 20;  // bytes

struct Fault : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <typename T>
T load(const char* bytes) {
  T out;
  std::memcpy(&out, bytes, sizeof out);
  return out;
}

std::string in_words(const Type& type) {
  switch (type.kind) {
    case Kind::structure: return type.structure->name;
    case Kind::integer: return "int64_t";
    case Kind::unsigned_: return "uint64_t";
    case Kind::boolean: return "int";
    case Kind::floating: return "double";
    case Kind::text:
    case Kind::bytes:
    case Kind::list: break;
  }
  return "a pointer";
}

Value value_of(const Type& type, const char* at, std::size_t length, const std::string& path);

Value structure_of(const Struct& structure, const char* base, const std::string& path) {
  Map out;
  for (const Field& field : structure.fields) {
    const std::string where = path.empty() ? field.name : path + "." + field.name;
    if (field.optional && load<int>(base + field.present_at) == 0) {
      if (field.nil) out.emplace_back(field.key, Value{});
      continue;
    }
    out.emplace_back(field.key, value_of(field.type, base + field.at, has_length(field.type) ? load<std::size_t>(base + field.length_at) : 0, where));
  }
  return out;
}

Value list_of(const Type& type, const char* first, std::size_t length, const std::string& path) {
  const Type element = element_of(type);
  const std::size_t size = layout_of(element).size;
  if (length > longest / size) throw Fault(fmt::format("{}_len is {}", path, length));
  Bytes items(size * length);
  if (!peek(items.data(), first, items.size())) throw Fault(fmt::format("{} cannot be read: {} items at {}", path, length, fmt::ptr(first)));
  List out;
  for (std::size_t i = 0; i < length; ++i)
    out.push_back(value_of(element, reinterpret_cast<const char*>(items.data()) + i * size, 0, fmt::format("{}[{}]", path, i)));
  return out;
}

// `at`: a copy of the field in the host's memory.
Value value_of(const Type& type, const char* at, std::size_t length, const std::string& path) {
  switch (type.kind) {
    case Kind::integer: return load<std::int64_t>(at);
    case Kind::unsigned_: return load<std::uint64_t>(at);
    case Kind::boolean: return load<int>(at) != 0;
    case Kind::floating: return load<double>(at);
    case Kind::structure: return structure_of(*type.structure, at, path);
    case Kind::list: return list_of(type, load<const char*>(at), length, path);
    case Kind::bytes: {
      if (length > longest) throw Fault(fmt::format("{}_len is {}", path, length));
      Bytes out(length);
      if (!peek(out.data(), load<const char*>(at), length)) throw Fault(fmt::format("{} cannot be read: {} bytes at {}", path, length, fmt::ptr(load<const char*>(at))));
      return out;
    }
    case Kind::text: break;
  }
  const char* from = load<const char*>(at);
  if (!from) return std::string();
  auto text = peek_text(from, longest);
  if (!text) throw Fault(fmt::format("{} is no text: it cannot be read at {}", path, fmt::ptr(from)));
  return std::move(*text);
}

}  // namespace

Read read_reply(const Type* returns, const void* msg, std::size_t len) {
  Read out;
  if (!returns) {
    if (len > 0) out.fault = fmt::format("len is {} where no value is returned", len);
    return out;
  }
  if (returns->kind == Kind::text || returns->kind == Kind::bytes) {
    std::string bytes(len <= longest ? len : 0, '\0');
    if (len > longest || !peek(bytes.data(), msg, len)) out.fault = fmt::format("{} bytes at {} cannot be read", len, fmt::ptr(msg));
    if (returns->kind == Kind::text) out.value = std::move(bytes);
    else out.value = Bytes(bytes.begin(), bytes.end());
    return out;
  }
  const Layout layout = layout_of(*returns);
  if (len != layout.size) {
    out.fault = fmt::format("len is {}, and sizeof({}) is {}", len, in_words(*returns), layout.size);
    return out;
  }
  out.misaligned = reinterpret_cast<std::uintptr_t>(msg) % layout.align != 0;
  Bytes copy(len);
  if (!peek(copy.data(), msg, len)) {
    out.fault = fmt::format("{} bytes at {} cannot be read", len, fmt::ptr(msg));
    return out;
  }
  try {
    out.value = value_of(*returns, reinterpret_cast<const char*>(copy.data()), 0, "");
  } catch (const Fault& fault) {
    out.fault = fault.what();
  }
  return out;
}

}  // namespace ffi_cts::native
