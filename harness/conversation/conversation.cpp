#include "harness/conversation/conversation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

namespace ffi_cts::peer {
namespace {

//                                       name       from   to     item   text   size   framed parent
constexpr std::array<VerbShape, 21> shapes{{{"echo", true, true, true, false, false, true, false},
                                            {"mumble", true, true, true, false, false, true, false},
                                            {"spawn", true, true, false, false, false, true, false},
                                            {"exit", true, true, false, true, false, true, false},
                                            {"link_me", true, true, false, false, false, true, false},
                                            {"link", true, true, false, false, false, true, false},
                                            {"end", true, false, false, true, false, true, false},
                                            {"who", true, true, false, false, false, true, false},
                                            {"proxy_id", true, true, false, false, false, true, false},
                                            {"hail", true, false, false, true, false, true, false},
                                            {"bad", false, false, false, true, false, false, false},
                                            {"error", false, false, false, true, false, true, false},
                                            {"flood", true, false, false, false, true, false, false},
                                            {"wait", false, false, false, false, false, false, false},
                                            {"close", false, false, false, false, false, false, false},
                                            {"vanish", false, false, false, false, false, false, false},
                                            {"half", false, false, false, false, true, false, false},
                                            {"noise", false, false, false, true, false, false, true},
                                            {"shut", true, false, false, false, false, true, true},
                                            {"die", false, false, false, false, false, false, true},
                                            {"stubborn", false, false, false, false, false, false, true}}};

constexpr std::uint32_t most_item = 20'000, most_flood = 4'000;

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string actor_name(int actor) {
  return actor == conformance ? "conformance" : actor == nobody ? "nobody" : fmt::format("a{}", actor);
}

// The words of a line; a quoted one keeps its first quotation mark, so that it is told from others.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] == ' ' || line[at] == '\t') {
      ++at;
    } else if (line[at] == '#') {
      break;
    } else if (line[at] == '"') {
      std::string word = "\"";
      for (++at; at < line.size() && line[at] != '"'; ++at) {
        if (line[at] == '\\') ++at;
        if (at < line.size()) word += line[at];
      }
      if (at++ >= line.size()) throw std::string("a quotation does not end");
      words.push_back(std::move(word));
    } else {
      const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
      words.emplace_back(line.substr(at, end - at));
      at = end;
    }
  }
  return words;
}

std::uint32_t number(std::string_view text) {
  std::uint32_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size()) throw fmt::format("\"{}\" is no number", text);
  return n;
}

// "cut(4)" with the word "cut": "4".
std::optional<std::string_view> inside(std::string_view word, std::string_view name) {
  if (!word.starts_with(name) || word.size() < name.size() + 2 || word[name.size()] != '(' || !word.ends_with(')'))
    return std::nullopt;
  return word.substr(name.size() + 1, word.size() - name.size() - 2);
}

class LineReader {
 public:
  explicit LineReader(std::vector<std::string> words) : words_(std::move(words)) {}

  Step read() {
    Step step;
    std::string first = take("a step");
    const bool with_from = first.size() == 2 && first[0] == 'j';
    if (with_from) {
      step.from = static_cast<int>(number(std::string_view(first).substr(1)));
      if (step.from < 1 || step.from > judges_actors) throw fmt::format("the judge has no actor {}", first);
      first = take("what it does");
    }
    const auto found = std::find_if(shapes.begin(), shapes.end(), [&](const VerbShape& s) { return s.name == first; });
    if (found == shapes.end()) throw fmt::format("\"{}\" is no step", first);
    step.verb = static_cast<Verb>(found - shapes.begin());
    if (found->from != with_from)
      throw fmt::format("{} {}", first, found->from ? "needs an actor before it" : "has no actor before it");
    if (found->to) step.to = actor(take("an actor of the peer's"));
    if (found->item) item(step);
    if (found->text) step.text = text(take("a text in quotation marks"));
    if (found->size) step.size = number(take("a number"));
    while (at_ < words_.size()) form(step.form);
    return step;
  }

 private:
  std::string take(const char* what) {
    if (at_ == words_.size()) throw fmt::format("{} is missing", what);
    return words_[at_++];
  }
  static int actor(std::string_view word) {
    if (word == "conformance") return conformance;
    if (word == "nobody") return nobody;
    if (!word.starts_with('a')) throw fmt::format("\"{}\" is no actor of the peer's", word);
    const std::uint32_t n = number(word.substr(1));
    if (n < 1 || n > most_actors) throw fmt::format("the peer's actors are a1 to a{}", most_actors);
    return static_cast<int>(n);
  }
  void item(Step& step) {
    const std::string word = take("an item");
    const auto operands = inside(word, "item");
    const std::size_t comma = operands ? operands->find(',') : std::string_view::npos;
    if (comma == std::string_view::npos) throw fmt::format("\"{}\" is not item(size,seed)", word);
    const std::string_view size = operands->substr(0, comma);
    step.size = size == "full" ? full_size : number(size);
    step.seed = number(operands->substr(comma + 1));
  }
  static std::string text(const std::string& word) {
    if (!word.starts_with('"')) throw fmt::format("{} is not in quotation marks", word);
    return word.substr(1);
  }
  void form(Form& form) {
    const std::string word = take("");
    if (word == "+") {
      form.joined = true;
    } else if (word == "bytewise") {
      form.bytewise = true;
    } else if (const auto cut = inside(word, "cut")) {
      form.cut = number(*cut);
    } else if (const auto head = inside(word, "head")) {
      const auto found = std::find(head_names.begin(), head_names.end(), *head);
      if (found == head_names.end()) throw fmt::format("there is no head {}", *head);
      form.head = static_cast<HeadForm>(found - head_names.begin());
    } else {
      throw fmt::format("\"{}\" is not understood", word);
    }
  }

  std::vector<std::string> words_;
  std::size_t at_ = 0;
};

}  // namespace

const VerbShape& shape(Verb verb) {
  return shapes[static_cast<std::size_t>(verb)];
}

bool ends(Verb verb) {
  using enum Verb;
  return verb == bad || verb == error || verb == close || verb == vanish || verb == half || verb == shut || verb == die;
}

Conversation normalize(Conversation conversation) {
  Conversation out;
  std::set<int> made;
  for (Step& step : conversation.steps) {
    const VerbShape& s = shape(step.verb);
    if (step.verb == Verb::bad && fault_class(step.text) == FaultClass::none) continue;
    if (step.verb == Verb::spawn) {
      if (step.to < 1 || !made.insert(step.to).second) continue;
    } else if (s.to && step.to > 0 && !made.contains(step.to)) {
      continue;
    }
    if ((step.verb == Verb::exit && step.to < 1) || (step.verb == Verb::who && step.to == nobody)) continue;
    if (!s.framed) step.form = {};
    if (s.item && step.size > most_item && !(step.size == full_size && step.verb == Verb::echo)) step.size = most_item;
    if (step.verb == Verb::flood) step.size = std::min(step.size, most_flood);
    out.steps.push_back(std::move(step));
    if (ends(out.steps.back().verb)) break;
  }
  if (!out.steps.empty()) out.steps.back().form.joined = false;
  return out;
}

std::string to_text(const Step& step) {
  const VerbShape& s = shape(step.verb);
  std::string out = s.from ? fmt::format("j{} {}", step.from, s.name) : std::string(s.name);
  if (s.to) out += " " + actor_name(step.to);
  if (s.item)
    out += step.size == full_size ? fmt::format(" item(full,{})", step.seed)
                                  : fmt::format(" item({},{})", step.size, step.seed);
  if (s.text) out += " " + quoted(step.text);
  if (s.size) out += fmt::format(" {}", step.size);
  if (step.form.bytewise) out += " bytewise";
  if (step.form.cut) out += fmt::format(" cut({})", step.form.cut);
  if (step.form.head != sent_head)
    out += fmt::format(" head({})", head_names[static_cast<std::size_t>(step.form.head)]);
  if (step.form.joined) out += " +";
  return out;
}

std::string to_text(const Conversation& conversation) {
  std::string out;
  for (const Step& step : conversation.steps) out += to_text(step) + '\n';
  return out;
}

Conversation parse_conversation(std::string_view text) {
  Conversation conversation;
  for (int line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    try {
      std::vector<std::string> words = words_of(text.substr(0, end));
      if (!words.empty()) conversation.steps.push_back(LineReader(std::move(words)).read());
    } catch (const std::string& what) {
      throw ConversationError(fmt::format("line {}: {}", line, what));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return conversation;
}

}  // namespace ffi_cts::peer
