// The grammar of a rule's Needs: `nothing`, or items separated by `; `.
#include <algorithm>
#include <array>
#include <span>

#include "chapter_reader.hpp"
#include "text_tools.hpp"

namespace ffi_cts::spec::tools {
namespace {

constexpr std::array<std::string_view, 11> roles = {"create_fail", "create_slow", "echo",    "delay",
                                                    "fail",        "empty",       "emit",    "emit_fail",
                                                    "block",       "call_host",   "progress"};
constexpr std::array<std::string_view, 4> contract_keys = {"wildcard", "host_calls", "max_contexts",
                                                           "callbacks"};
constexpr std::array<std::string_view, 4> exports = {"add_event_listener", "remove_event_listener", "register_host_fn",
                                                     "host_complete"};

constexpr std::array<std::string_view, 5> natives = {"call", "pointer", "value", "empty", "text"};
constexpr std::array<std::string_view, 2> workers = {"asan", "tsan"};

bool known(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// One `kind name`, or a kind that stands alone.
bool parse_one(std::string_view words, std::string& kind, std::string& name, std::string& error) {
  const auto space = words.find(' ');
  kind = std::string(words.substr(0, space));
  name = space == std::string_view::npos ? std::string() : std::string(trim(words.substr(space)));
  const bool alone = kind == "event" || kind == "burst" || kind == "proc";
  if (alone && name.empty()) return true;
  if (kind == "role" && known(roles, name)) return true;
  if (kind == "contract" && known(contract_keys, name)) return true;
  if (kind == "export" && known(exports, name)) return true;
  if (kind == "native" && known(natives, name)) return true;
  if (kind == "worker" && known(workers, name)) return true;
  if (kind == "peer" && name == "parent") return true;
  error = "unknown need " + quoted(words);
  return false;
}

bool parse_item(std::string_view item, NeedText& need, std::string& error) {
  for (const auto alternative : split(item, " or ")) {
    std::string kind, name;
    if (!parse_one(alternative, kind, name, error)) return false;
    if (!need.kind.empty() && (kind != "role" || need.kind != "role")) {
      error = "only roles can be alternatives: " + quoted(item);
      return false;
    }
    need.kind = kind;
    if (!name.empty()) need.any_of.push_back(name);
  }
  return true;
}

}  // namespace

bool parse_needs(std::string_view words, std::vector<NeedText>& needs, std::string& error) {
  needs.clear();
  if (words == "nothing") return true;
  for (const auto item : split(words, ";")) {
    NeedText need;
    if (!parse_item(item, need, error)) return false;
    needs.push_back(std::move(need));
  }
  return true;
}

}  // namespace ffi_cts::spec::tools
