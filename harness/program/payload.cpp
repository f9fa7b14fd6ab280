#include "harness/program/payload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "harness/program/hostile.hpp"
#include "harness/schema/items.hpp"

namespace ffi_cts {
namespace {

// A cheap generator of its own: payloads must be alike in every build and on every machine.
class Letters {
 public:
  explicit Letters(std::uint32_t seed) : state_(seed * 2654435761u + 1) {}
  std::uint8_t operator()() {
    state_ = state_ * 1664525u + 1013904223u;
    return static_cast<std::uint8_t>(state_ >> 24);
  }

 private:
  std::uint32_t state_;
};

// Fills up to the payload's size with a pattern of its seed, over and over. Its length is a prime, so that pieces of a
// payload that change places do not look alike.
template <typename Container, typename Make>
void fill(Container& out, Payload payload, Make make) {
  constexpr std::size_t period = 251;
  Letters letter(payload.seed);
  std::array<typename Container::value_type, period> pattern;
  for (auto& p : pattern) p = make(letter());
  while (out.size() < payload.size)
    out.insert(out.end(), pattern.begin(), pattern.begin() + static_cast<std::ptrdiff_t>(std::min(period, payload.size - out.size())));
}

bool is_placeholder(const Value& value, std::string_view name) { return value.text() && *value.text() == name; }

// Does a wrong major type show for this parameter? Only for those whose type leaves no choice.
bool strict(const std::vector<Param>& params, const std::string& name) {
  for (const Param& param : params)
    if (param.name == name) return param.type.find('/') == std::string::npos && param.type != "any";
  return false;
}

Value of_another_type(const Value& tmpl) {
  bool numeric = is_placeholder(tmpl, "$ms") || is_placeholder(tmpl, "$count") ||
                 (!tmpl.text() && !tmpl.map() && !tmpl.list() && !tmpl.bytes());
  return numeric ? Value("text") : Value(7);
}

const Proc& proc_of(const Interface& interface, const Step& step) { return *called_proc(interface, step); }

const Value* template_of(const Interface& interface, const Step& step) {
  const Role* role = interface.role(step.role);
  return role && !step.proc ? &role->request : nullptr;
}

// Ill-formed CBOR, or an item that is no map. Right for every proc.
Bytes malformed_anywhere(std::uint32_t seed) {
  static const std::vector<Bytes> forms = {
      {},                                  // an empty request
      {0xa1},                              // a map that ends before its key
      {0xbf},                              // an indefinite map that never ends
      {0xff},                              // a break alone
      {0x1c},                              // reserved additional information
      {0x80},                              // a list
      {0x63, 'm', 'a', 'p'},               // a text
      {0x07},                              // a number
      {0xf6},                              // null
      {0xa1, 0x61},                        // a key that ends early
      {0x5b, 0, 0, 0, 0, 0, 0, 0, 9, 1},   // a byte string shorter than it says
  };
  return forms[seed % forms.size()];
}

Bytes malformed(const Interface& interface, const Step& step, const Arguments& arguments) {
  const Value* tmpl = template_of(interface, step);
  const Proc& proc = proc_of(interface, step);
  std::uint32_t seed = step.payload.seed;
  std::vector<std::string> strict_params;
  if (tmpl && tmpl->map())
    for (const auto& [key, value] : *tmpl->map())
      if (key.text() && strict(proc.params, *key.text())) strict_params.push_back(*key.text());
  if (strict_params.empty() || seed % 2 == 0) return malformed_anywhere(seed / 2);
  auto whole = instantiate(*tmpl, arguments);
  Bytes good = encode(whole ? *whole : Value(Map{}));
  const std::string& param = strict_params[(seed / 8) % strict_params.size()];
  Map wrong;
  switch ((seed / 2) % 4) {
    case 0:  // the last byte is missing
      good.pop_back();
      return good;
    case 1:  // no parameter at all
      return encode(Value(Map{}));
    case 2:  // one parameter missing
      for (const auto& [key, value] : *whole->map())
        if (*key.text() != param) wrong.emplace_back(key, value);
      return encode(Value(wrong));
    default:  // one parameter of another major type
      for (const auto& [key, value] : *whole->map())
        wrong.emplace_back(key, *key.text() == param ? of_another_type(*tmpl->find(param)) : value);
      return encode(Value(wrong));
  }
}

Bytes lenient(const Value& request, std::uint32_t seed) {
  Map map = request.map() ? *request.map() : Map{};
  switch (seed % 4) {
    case 0:
      map.emplace_back("ffi-cts extra", 1);
      return encode(Value(map));
    case 1:
      map.insert(map.end(), request.map()->begin(), request.map()->end());
      return encode(Value(map));
    case 2: {
      Bytes bytes = encode(request);
      bytes.push_back(0x00);
      return bytes;
    }
    default: {  // one more key whose text is no UTF-8
      if (map.size() >= 23) return encode(request);
      Bytes bytes = encode(request);
      bytes[0] = static_cast<std::uint8_t>(bytes[0] + 1);
      for (int b : {0x62, 0xc3, 0x28, 0x01}) bytes.push_back(static_cast<std::uint8_t>(b));
      return bytes;
    }
  }
}

// An argument for each parameter: an item of its type, or of one of them a near miss. Without a schema there are none.
std::optional<Value> drawn_arguments(const Interface& interface, const Step& step) {
  const std::vector<Param>& params = proc_of(interface, step).params;
  if (!interface.schema) return std::nullopt;
  const auto seed_of = [&](std::size_t i) { return step.payload.seed + 0x9e3779b9u * static_cast<std::uint32_t>(i); };
  Map out;
  for (std::size_t i = 0; i < params.size(); ++i)
    out.emplace_back(params[i].name, schema::item_of(*interface.schema, *params[i].cddl, step.payload.size, seed_of(i)));
  if (step.misuse == Misuse::item) return out;
  for (std::size_t tried = 0; tried < params.size(); ++tried) {
    const std::size_t i = (step.payload.seed + tried) % params.size();
    auto miss = schema::near_miss_of(*interface.schema, *params[i].cddl, step.payload.size, seed_of(i));
    if (!miss) continue;
    out[i].second = std::move(*miss);
    return out;
  }
  out.emplace_back("ffi-cts extra", 1);  // nothing can be wrong about any of them
  return out;
}

}  // namespace

namespace {
constexpr std::uint32_t text_kinds = 64, with_nul = 63, with_e_acute = 62;  // by the seed; the others are plain letters
}

const Proc* called_proc(const Interface& interface, const Step& step) {
  if (step.verb == Verb::create) return &interface.constructor;
  if (interface.procs.empty()) return nullptr;
  if (step.proc) return &interface.procs[*step.proc % interface.procs.size()];
  const Role* role = interface.role(step.role);
  return role ? &interface.procs[role->proc] : nullptr;
}

std::string make_text(Payload payload, int instance) {
  std::string out;
  out.reserve(payload.size);
  if (payload.size >= identifiable_size) out = fmt::format("#{:08x}:", static_cast<unsigned>(instance));
  fill(out, payload, [](std::uint8_t b) { return static_cast<char>('a' + b % 26); });
  if (payload.size < identifiable_size + 2) return out;
  const std::size_t middle = identifiable_size + (payload.size - identifiable_size) / 2;
  if (payload.seed % text_kinds == with_nul) out[middle] = '\0';
  if (payload.seed % text_kinds == with_e_acute) out.replace(middle - 1, 2, "\xc3\xa9");
  return out;
}

Bytes make_bytes(Payload payload, int instance) {
  std::string mark = make_text({std::min(payload.size, identifiable_size), payload.seed}, instance);
  Bytes out(mark.begin(), mark.end());
  out.reserve(payload.size);
  fill(out, payload, [](std::uint8_t b) { return b; });
  return out;
}

bool goes_native(const Interface& interface, const Step& step) {
  const bool plain = step.misuse == Misuse::none || step.misuse == Misuse::null_callback || step.misuse == Misuse::item;
  const Proc* proc = step.verb == Verb::create || step.verb == Verb::request ? called_proc(interface, step) : nullptr;
  return plain && proc && proc->native && (step.native || proc->symbols.cbor.empty());
}

Value with_c_texts(Value value) {
  if (auto* text = std::get_if<std::string>(&value.data)) text->resize(std::strlen(text->c_str()));
  if (auto* list = std::get_if<List>(&value.data))
    for (Value& item : *list) item = with_c_texts(std::move(item));
  if (auto* map = std::get_if<Map>(&value.data))
    for (auto& [key, member] : *map) member = with_c_texts(std::move(member));
  return value;
}

Value as_c_delivers(const Interface& interface, const Proc& proc, Value reply) {
  const bool structure = proc.returns_cddl && interface.schema->resolve(*proc.returns_cddl).kind == schema::Kind::map;
  return structure ? with_c_texts(std::move(reply)) : reply;
}

Arguments arguments_of(const Interface& interface, const Step& step, int instance, Value ctor) {
  Arguments arguments;
  Payload payload = step.payload;
  if (payload.seed % text_kinds == with_nul && goes_native(interface, step)) --payload.seed;
  arguments.text = make_text(payload, instance);
  arguments.bytes = make_bytes(step.payload, instance);
  arguments.ms = step.ms;
  arguments.count = step.count;
  arguments.ctor = std::move(ctor);
  return arguments;
}

std::optional<Value> request_value(const Interface& interface, const Step& step, const Arguments& arguments) {
  if (drawn(step.misuse)) return drawn_arguments(interface, step);
  const Value* tmpl = template_of(interface, step);
  if (tmpl) return instantiate(*tmpl, arguments);
  return proc_of(interface, step).params.empty() ? std::optional<Value>(Map{}) : std::nullopt;
}

Bytes request_bytes(const Interface& interface, const Step& step, const Arguments& arguments) {
  auto value = request_value(interface, step, arguments);
  switch (step.misuse) {
    case Misuse::malformed:
      return malformed(interface, step, arguments);
    case Misuse::hostile:
      return hostile_bytes(step.payload.seed, encode(value ? *value : Value(Map{})));
    case Misuse::lenient:
      if (value && value->map()) return lenient(*value, step.payload.seed);
      break;
    default:
      break;
  }
  return encode(value ? *value : Value(Map{}));
}

const HostFunctionType* host_function_of(const Interface& interface, const Step& step) {
  if (step.index > 0 && !interface.hosts.empty()) return &interface.hosts[(step.index - 1) % interface.hosts.size()];
  const Role* role = interface.role(RoleName::call_host);
  if (role) return interface.host(role->host);
  return interface.hosts.empty() ? nullptr : &interface.hosts.front();
}

Bytes completion_bytes(const Interface& interface, const Step& host_function, const Step& completion, int instance) {
  const HostFunctionType* host = host_function_of(interface, host_function);
  std::string text = make_text(completion.payload, instance);
  // An error's text is plain in every encoding.
  if (completion.code != 0 || !host || host->encoding != HostEncoding::cbor) return Bytes(text.begin(), text.end());
  constexpr std::uint32_t largest = 64;
  const schema::Type* returns = interface.schema ? host->returns_cddl.get() : nullptr;
  if (!returns || interface.schema->resolve(*returns).kind == schema::Kind::text) return encode(Value(text));
  return encode(schema::item_of(*interface.schema, *returns, std::min(completion.payload.size, largest), completion.payload.seed));
}

namespace {

std::string in_other_case(std::string name) {
  for (char& c : name) c = static_cast<char>(std::islower(static_cast<unsigned char>(c)) ? std::toupper(c) : std::tolower(c));
  return name;
}

std::optional<std::string> name_of(NameKind kind, const std::string& plain, const char* other) {
  switch (kind) {
    case NameKind::event: return plain;
    case NameKind::wildcard: return "";
    case NameKind::null: return std::nullopt;
    case NameKind::other: return other;
    case NameKind::prefix: return plain.substr(0, plain.size() - 1);
    case NameKind::extended: return plain + "x";
    case NameKind::other_case: return in_other_case(plain);
    case NameKind::huge: return std::string(65536, 'n') + plain;
    case NameKind::not_utf8: return std::string("\xc3\x28\xff") + plain;
  }
  return plain;
}

}  // namespace

std::optional<std::string> event_name(const Interface& interface, const Step& step) {
  const Role* role = interface.role(step.role == RoleName::emit_fail ? RoleName::emit_fail : RoleName::emit);
  return name_of(step.name, role ? role->event : interface.events.empty() ? "event" : interface.events.front().name, "ffi-cts no such event");
}

std::optional<std::string> host_function_name(const Interface& interface, const Step& step) {
  const HostFunctionType* host = host_function_of(interface, step);
  return name_of(step.name, host ? host->name : "host_function", "ffi-cts no such host function");
}

}  // namespace ffi_cts
