#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <map>
#include <set>
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

// Is this rule a group? One type alone in parentheses is that type.
bool is_group(const Node& rule) {
  const Node& body = *rule.children.back();
  if (!body.is_type<grammar::group_rule>()) return false;
  return body.children.size() != 1 || body.children[0]->children.size() != 1 || !body.children[0]->children[0]->is_type<grammar::type>();
}

class Reader {
 public:
  Reader(std::string file, Groups& groups) : file_(std::move(file)), groups_(groups) {}

  // Those groups are read when the first type needs them, wherever they stand.
  void announce_group(const Node& rule) { unread_[rule.children.at(0)->string()] = rule.children.back().get(); }

  TypePtr type(const Node& node) {
    if (node.children.size() == 1) return type1(*node.children[0]);
    auto out = make(node, Kind::choice);
    for (const auto& child : node.children) out->options.push_back(type1(*child));
    return out;
  }

  TypePtr type_of_rule(const Node& rule) {
    const Node& body = *rule.children.back();
    return body.is_type<grammar::group_rule>() ? type(*body.children[0]->children[0]) : type(body);
  }

  // The named group, or null: there is none of that name.
  const std::vector<Entry>* group_named(const std::string& name) {
    if (const auto read = groups_.find(name); read != groups_.end()) return &read->second;
    const auto unread = unread_.find(name);
    if (unread == unread_.end()) return nullptr;
    if (!reading_.insert(name).second) fail(*unread->second, fmt::format("{} holds itself without an end", name));
    return &(groups_[name] = entries(*unread->second));
  }

  void refuse_extension(const Node& rule) const {
    const Node& operation = *rule.children.at(1);
    if (operation.is_type<grammar::extension>())
      fail(operation, fmt::format("{} (an extension of {}) is not supported", operation.string_view(), rule.children[0]->string_view()));
  }

  [[noreturn]] void fail(const Node& node, const std::string& what) const { fail(static_cast<int>(node.begin().line), what); }
  [[noreturn]] void fail(int line, const std::string& what) const { throw SchemaError(fmt::format("{}:{}: {}", file_, line, what)); }

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
      auto out = make(node, kind_of_prelude(node.string()));
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
    const Kind kind = of.kind;
    if (kind != Kind::text && kind != Kind::bytes) fail(node, ".size is supported of tstr and bstr");
    TypePtr size = operand(*more.children.at(1)->children.at(0));
    auto out = make(node, kind);
    const auto* exact = std::get_if<std::uint64_t>(&size->literal.data);
    if (size->kind == Kind::literal && exact) out->range = Range{static_cast<std::int64_t>(*exact), static_cast<std::int64_t>(*exact)};
    else if (size->range && size->range->least >= 0) out->range = size->range;
    else fail(name, ".size needs a number or a range in parentheses");
    return out;
  }

  // The name that this type is, if it is nothing but a name.
  static const Node* bare_name(const Node& type) {
    if (type.children.size() != 1 || type.children[0]->children.size() != 1) return nullptr;
    const Node& operand = *type.children[0]->children[0];
    if (operand.is_type<grammar::paren>()) return bare_name(*operand.children.at(0));
    return operand.is_type<grammar::type_name>() ? &operand : nullptr;
  }

  // What an entry stands for: itself, or what is in the group that it is.
  void entry(const Node& node, std::vector<Entry>& out) {
    Entry one;
    one.line = static_cast<int>(node.begin().line);
    for (const auto& child : node.children) {
      if (child->is_type<grammar::occurrence>()) {
        one.occurrence = child->string();
      } else if (child->is_type<grammar::key>()) {
        const Node& key = *child->children.at(0);
        one.key = key.is_type<grammar::key_text>() ? unquoted(key) : key.string();
        one.keyed = true;
      } else if (child->is_type<grammar::arrow_key>()) {
        fail(*child, "members by the type of their key (=>) are not supported");
      } else if (child->is_type<grammar::inner_group>()) {
        return group(one, entries(*child), out);
      } else {
        const Node* name = one.keyed ? nullptr : bare_name(*child);
        if (const auto* named = name ? group_named(name->string()) : nullptr) return group(one, *named, out);
        one.type = type(*child);
      }
    }
    out.push_back(std::move(one));
  }

  void group(const Entry& as, const std::vector<Entry>& inner, std::vector<Entry>& out) const {
    if (!as.occurrence.empty()) fail(as.line, fmt::format("{} of a group is not supported", as.occurrence));
    out.insert(out.end(), inner.begin(), inner.end());
  }

  std::vector<Entry> entries(const Node& node) {
    std::vector<Entry> out;
    for (const auto& child : node.children) {
      if (child->is_type<grammar::group_choice>()) fail(*child, "choices between groups (//) are not supported");
      entry(*child, out);
    }
    return out;
  }

  TypePtr map(const Node& node) {
    auto out = make(node, Kind::map);
    for (Entry& e : entries(node)) {
      if (!e.keyed) fail(e.line, "a member of a map needs a key");
      if (!e.occurrence.empty() && e.occurrence != "?") fail(e.line, fmt::format("{} of a member is not supported (only ? is)", e.occurrence));
      for (const Member& other : out->members)
        if (other.key == e.key) fail(e.line, fmt::format("the key {} is there already", e.key));
      out->members.push_back({std::move(e.key), e.occurrence == "?", std::move(e.type)});
    }
    return out;
  }

  TypePtr array(const Node& node) {
    auto out = make(node, Kind::list);
    for (Entry& e : entries(node)) {
      if (e.occurrence.empty()) {
        out->options.push_back(std::move(e.type));
        continue;
      }
      if (e.occurrence != "*" && e.occurrence != "+") fail(e.line, fmt::format("{} in a list is not supported (* and + are)", e.occurrence));
      if (out->element) fail(e.line, "a list has items of one type only");
      out->element = std::move(e.type);
      out->fewest = e.occurrence == "+" ? 1 : 0;
    }
    if (out->element && !out->options.empty()) fail(node, "a list has either items of one type or fixed places");
    return out;
  }

  std::string file_;
  Groups& groups_;
  std::map<std::string, const Node*> unread_;
  std::set<std::string> reading_;
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
  Reader reader(file, schema.groups_);
  for (const auto& rule : tree->children)
    if (is_group(*rule)) reader.announce_group(*rule);
  std::set<std::string> names;
  for (const auto& rule : tree->children) {
    const std::string name = rule->children.at(0)->string();
    reader.refuse_extension(*rule);
    if (!names.insert(name).second || kind_of_prelude(name) != Kind::name) reader.fail(*rule, fmt::format("{} is there already", name));
    if (is_group(*rule)) reader.group_named(name);
    else schema.rules_.emplace_back(name, reader.type_of_rule(*rule));
  }
  schema.check(file);
  return schema;
}

TypePtr Schema::parse_type(std::string_view text, const std::string& file, int line) const {
  const auto tree = tree_of<grammar::lone_type>(text, file, static_cast<std::size_t>(line));
  Groups groups = groups_;
  TypePtr out = Reader(file, groups).type(*tree->children.at(0));
  check_names(*out, file);
  return out;
}

Schema Schema::load(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw SchemaError(fmt::format("{}: no such file", file));
  return parse(std::string{std::istreambuf_iterator<char>(in), {}}, file);
}

}  // namespace ffi_cts::schema
