#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <limits>
#include <tao/pegtl/contrib/parse_tree.hpp>

#include "harness/schema/grammar.hpp"
#include "harness/schema/schema.hpp"

namespace ffi_cts::schema {
namespace {

namespace pegtl = tao::pegtl;
using Node = pegtl::parse_tree::node;

template <typename Rule>
using kept = pegtl::parse_tree::selector<
    Rule, pegtl::parse_tree::store_content::on<
              grammar::rule, grammar::rule_name, grammar::extension, grammar::group_rule, grammar::type, grammar::type1, grammar::map, grammar::array,
              grammar::paren, grammar::text, grammar::number, grammar::boolean, grammar::type_name, grammar::tag, grammar::unwrap, grammar::generic,
              grammar::range, grammar::range_end, grammar::control, grammar::control_name, grammar::control_of, grammar::occurrence, grammar::key,
              grammar::key_name, grammar::key_text, grammar::arrow_key, grammar::inner_group, grammar::entry, grammar::group_choice>>;

class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  TypePtr type(const Node& node) {
    if (node.children.size() == 1) return type1(*node.children[0]);
    auto out = make(node, Kind::choice);
    for (const auto& child : node.children) out->options.push_back(type1(*child));
    return out;
  }

  TypePtr type_of_rule(const Node& rule) {
    const Node& name = *rule.children.at(0);
    for (const auto& child : rule.children)
      if (child->is_type<grammar::extension>()) fail(*child, fmt::format("{} (an extension of {}) is not supported", child->string_view(), name.string_view()));
    const Node& body = *rule.children.back();
    if (body.is_type<grammar::group_rule>()) fail(body, fmt::format("{} is a group; only types are supported", name.string_view()));
    return type(body);
  }

  [[noreturn]] void fail(const Node& node, const std::string& what) const {
    throw SchemaError(fmt::format("{}:{}: {}", file_, node.begin().line, what));
  }

 private:
  static std::shared_ptr<Type> make(const Node& node, Kind kind) {
    auto out = std::make_shared<Type>();
    out->kind = kind;
    out->line = static_cast<int>(node.begin().line);
    return out;
  }

  TypePtr type1(const Node& node) {
    TypePtr operand = this->operand(*node.children.at(0));
    if (node.children.size() == 1) return operand;
    const Node& more = *node.children[1];
    return more.is_type<grammar::range>() ? range(node, *operand, more) : control(node, *operand, more);
  }

  TypePtr operand(const Node& node) {
    if (node.is_type<grammar::map>()) return map(node);
    if (node.is_type<grammar::array>()) return array(node);
    if (node.is_type<grammar::paren>()) return type(*node.children.at(0));
    if (node.is_type<grammar::tag>()) fail(node, fmt::format("{}: tags are not supported", node.string_view()));
    if (node.is_type<grammar::unwrap>()) fail(node, fmt::format("{}: groups as types are not supported", node.string_view()));
    if (node.is_type<grammar::generic>()) fail(node, "generic types are not supported");
    if (node.is_type<grammar::type_name>()) {
      auto out = make(node, Kind::name);
      out->name = node.string();
      return out;
    }
    auto out = make(node, Kind::literal);
    out->literal = literal(node);
    return out;
  }

  Value literal(const Node& node) {
    if (node.is_type<grammar::text>() || node.is_type<grammar::key_text>()) return unquoted(node);
    if (node.is_type<grammar::boolean>()) return node.string_view() == "true";
    const std::string_view digits = node.string_view();
    if (digits.find('.') != std::string_view::npos) return std::stod(std::string(digits));
    return whole(node);
  }

  std::int64_t whole(const Node& node) {
    const std::string_view digits = node.string_view();
    std::int64_t number = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size()) fail(node, fmt::format("{} is no whole number of 64 bits", digits));
    return number;
  }

  std::string unquoted(const Node& node) {
    std::string_view text = node.string_view();
    text = text.substr(1, text.size() - 2);
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\\' && ++i < text.size() && text[i] != '"' && text[i] != '\\' && text[i] != '/') fail(node, fmt::format("the escape \\{} is not supported", text[i]));
      out += text[i];
    }
    return out;
  }

  TypePtr range(const Node& node, const Type& from, const Node& more) {
    const Node& end = *more.children.at(0)->children.at(0);
    if (from.kind != Kind::literal || !end.is_type<grammar::number>()) fail(node, "a range goes from a number to a number");
    const auto* low_u = std::get_if<std::uint64_t>(&from.literal.data);
    const auto* low_i = std::get_if<std::int64_t>(&from.literal.data);
    if (!low_u && !low_i) fail(node, "ranges of numbers that are not whole are not supported");
    auto out = make(node, Kind::integer);
    const bool exclusive = more.string_view().starts_with("...");
    out->range = Range{low_u ? static_cast<std::int64_t>(*low_u) : *low_i, whole(end) - (exclusive ? 1 : 0)};
    if (out->range->least > out->range->most) fail(node, "the range is empty");
    return out;
  }

  TypePtr control(const Node& node, const Type& of, const Node& more) {
    const Node& name = *more.children.at(0);
    if (name.string_view() != ".size") fail(name, fmt::format("{} is not supported (only .size is)", name.string_view()));
    const Kind kind = of.kind == Kind::name ? kind_of_prelude(of.name) : of.kind;
    if (kind != Kind::text && kind != Kind::bytes) fail(node, ".size is supported of tstr and bstr");
    TypePtr size = operand(*more.children.at(1)->children.at(0));
    auto out = make(node, kind);
    const auto* exact = std::get_if<std::uint64_t>(&size->literal.data);
    if (size->kind == Kind::literal && exact) out->range = Range{static_cast<std::int64_t>(*exact), static_cast<std::int64_t>(*exact)};
    else if (size->range && size->range->least >= 0) out->range = size->range;
    else fail(name, ".size needs a number or a range in parentheses");
    return out;
  }

  struct Entry {
    std::string occurrence, key;
    bool keyed = false;
    TypePtr type;
  };

  Entry entry(const Node& node) {
    Entry out;
    for (const auto& child : node.children) {
      if (child->is_type<grammar::occurrence>()) {
        out.occurrence = child->string();
      } else if (child->is_type<grammar::key>()) {
        const Node& key = *child->children.at(0);
        out.key = key.is_type<grammar::key_text>() ? unquoted(key) : key.string();
        out.keyed = true;
      } else if (child->is_type<grammar::type>()) {
        out.type = type(*child);
      } else if (child->is_type<grammar::arrow_key>()) {
        fail(*child, "members by the type of their key (=>) are not supported");
      } else {
        fail(*child, "groups inside of groups are not supported");
      }
    }
    return out;
  }

  template <typename F>
  void each_entry(const Node& node, F f) {
    for (const auto& child : node.children) {
      if (child->is_type<grammar::group_choice>()) fail(*child, "choices between groups (//) are not supported");
      f(*child, entry(*child));
    }
  }

  TypePtr map(const Node& node) {
    auto out = make(node, Kind::map);
    each_entry(node, [&](const Node& at, Entry e) {
      if (!e.keyed) fail(at, "a member of a map needs a key");
      if (!e.occurrence.empty() && e.occurrence != "?") fail(at, fmt::format("{} of a member is not supported (only ? is)", e.occurrence));
      for (const Member& other : out->members)
        if (other.key == e.key) fail(at, fmt::format("the key {} is there already", e.key));
      out->members.push_back({std::move(e.key), e.occurrence == "?", std::move(e.type)});
    });
    return out;
  }

  TypePtr array(const Node& node) {
    auto out = make(node, Kind::list);
    each_entry(node, [&](const Node& at, Entry e) {
      if (e.occurrence.empty()) {
        out->options.push_back(std::move(e.type));
        return;
      }
      if (e.occurrence != "*" && e.occurrence != "+") fail(at, fmt::format("{} in a list is not supported (* and + are)", e.occurrence));
      out->element = std::move(e.type);
      out->fewest = e.occurrence == "+" ? 1 : 0;
    });
    if (out->element && !out->options.empty()) fail(node, "a list has either items of one type or fixed places");
    return out;
  }

  std::string file_;
};

template <typename Start>
std::unique_ptr<Node> tree_of(std::string_view text, const std::string& file, std::size_t line) {
  // The nodes of the tree look at the name of the file, and outlive the input: it is `file` itself.
  using Input = pegtl::memory_input<pegtl::tracking_mode::eager, pegtl::eol::lf_crlf, std::string_view>;
  Input input(text.data(), text.data() + text.size(), std::string_view(file), 0, line, 1);
  std::unique_ptr<Node> tree;
  try {
    tree = pegtl::parse_tree::parse<Start, kept>(input);
  } catch (const pegtl::parse_error& error) {
    const auto& at = error.positions().front();
    throw SchemaError(fmt::format("{}:{}: not understood from column {} on", file, at.line, at.column));
  }
  if (!tree) throw SchemaError(fmt::format("{}:{}: not understood", file, line));
  return tree;
}

}  // namespace

Schema Schema::parse(std::string_view text, const std::string& file) {
  Schema schema;
  const auto tree = tree_of<grammar::file>(text, file, 1);
  Reader reader(file);
  for (const auto& rule : tree->children) {
    const std::string name = rule->children.at(0)->string();
    if (schema.find(name)) reader.fail(*rule, fmt::format("{} is there already", name));
    schema.rules_.emplace_back(name, reader.type_of_rule(*rule));
  }
  schema.check(file);
  return schema;
}

TypePtr Schema::parse_type(std::string_view text, const std::string& file, int line) const {
  const auto tree = tree_of<grammar::lone_type>(text, file, static_cast<std::size_t>(line));
  TypePtr out = Reader(file).type(*tree->children.at(0));
  check_names(*out, file);
  return out;
}

Schema Schema::load(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw SchemaError(fmt::format("{}: no such file", file));
  return parse(std::string{std::istreambuf_iterator<char>(in), {}}, file);
}

}  // namespace ffi_cts::schema
