#include "conformance/tests/verdicts.hpp"

#include <filesystem>
#include <ostream>

#include "conformance/tests/files.hpp"

namespace ffi_cts::tests {

nlohmann::json Judged::rule(const std::string& id) const {
  if (json.contains("rules"))
    for (const auto& object : json["rules"])
      if (object["id"] == id) return object;
  return {};
}

std::string Judged::verdict(const std::string& id) const {
  nlohmann::json object = rule(id);
  return object.is_null() ? "" : object["verdict"].get<std::string>();
}

std::vector<std::string> Judged::not_passed() const {
  std::vector<std::string> out;
  if (!json.contains("rules")) return {"no rules"};
  for (const auto& object : json["rules"]) {
    std::string verdict = object["verdict"];
    if (verdict != "pass" && verdict != "not applicable")
      out.push_back(object["id"].get<std::string>() + ' ' + verdict);
  }
  return out;
}

std::string Judged::block(const std::string& id) const {
  std::size_t at = std::string::npos;
  for (const char* word : {"FAIL ", "WARN "})
    if (at == std::string::npos) at = outcome.out.find(word + id + ' ');
  if (at == std::string::npos) return "";
  std::size_t end = outcome.out.find("\n\n", at);
  return outcome.out.substr(at, end == std::string::npos ? end : end - at);
}

std::ostream& operator<<(std::ostream& stream, const Judged& judged) {
  return stream << judged.outcome;
}

Judged judge(const std::string& library, std::vector<std::string> options, const std::string& directory,
             double within) {
  std::string file = directory + "/result.json";
  std::filesystem::remove(file);
  std::vector<std::string> arguments{"run", library, "--json", file, "--save", directory + "/cases"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  Judged judged{Command(std::move(arguments)).in(directory).within(within).run(), {}};
  if (std::filesystem::exists(file)) judged.json = nlohmann::json::parse(read_file(file));
  return judged;
}

}  // namespace ffi_cts::tests
