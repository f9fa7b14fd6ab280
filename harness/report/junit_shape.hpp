// What the schemas of JUnit XML that are in use ask of a document, for tests: the schema of Ant's JUnit task (by Windy
// Road; the strictest, and what "the JUnit schema" mostly means) and that of Jenkins's xUnit plugin. Where one of them
// takes less than the other, less is taken here.
#pragma once

#include <algorithm>
#include <cstring>
#include <pugixml.hpp>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace ffi_cts::junit_shape {

struct Attribute {
  const char* name;
  const char* pattern;  // of the whole value
};

struct Element {
  const char* name;
  std::vector<Attribute> required, optional;
  std::vector<const char*> children;  // that may occur, in this order
  bool text = false;                  // may hold text
};

inline const std::vector<Element>& elements() {
  static constexpr const char* any = "[^]*";
  static constexpr const char* some = "\\S([^]*\\S)?";  // a token of at least a character
  static constexpr const char* number = "[0-9]{1,9}";
  static constexpr const char* decimal = "[0-9]{1,9}\\.[0-9]{1,3}";
  static const std::vector<Element> all = {
      {"testsuites", {}, {}, {"testsuite"}},
      {"testsuite",
       {{"name", some},
        {"package", some},
        {"id", number},
        {"hostname", some},
        {"tests", number},
        {"failures", number},
        {"errors", number},
        {"time", decimal},
        {"timestamp", "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"}},
       {{"skipped", number}},
       {"properties", "testcase", "system-out", "system-err"}},
      {"properties", {}, {}, {"property"}},
      {"property", {{"name", some}, {"value", any}}, {}, {}},
      {"testcase", {{"name", some}, {"classname", some}, {"time", decimal}}, {}, {"skipped", "error", "failure"}},
      {"skipped", {}, {{"message", any}}, {}, true},
      {"error", {{"type", some}}, {{"message", any}}, {}, true},
      {"failure", {{"type", some}}, {{"message", any}}, {}, true},
      {"system-out", {}, {}, {}, true},
      {"system-err", {}, {}, {}, true}};
  return all;
}

// What is wrong with the document, an empty list if nothing is.
class Checker {
 public:
  std::vector<std::string> run(const std::string& xml) {
    pugi::xml_document document;
    pugi::xml_parse_result parsed = document.load_buffer(xml.data(), xml.size(), pugi::parse_full);
    if (!parsed) return {std::string("no XML: ") + parsed.description()};
    characters(xml);
    if (std::strcmp(document.document_element().name(), "testsuites") != 0) complain("the root is not testsuites");
    element(document.document_element());
    int id = 0;
    for (pugi::xml_node suite : document.document_element().children("testsuite")) counts(suite, id++);
    return complaints_;
  }

 private:
  void complain(const std::string& what) { complaints_.push_back(what); }

  // What XML 1.0 cannot hold, as it is or as a reference.
  void characters(const std::string& xml) {
    for (char c : xml)
      if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') complain("a control character");
    std::smatch found;
    static const std::regex reference("&#(x[0-9a-fA-F]+|[0-9]+);");
    for (std::sregex_iterator it(xml.begin(), xml.end(), reference), end; it != end; ++it) {
      std::string number = (*it)[1];
      unsigned long code = number[0] == 'x' ? std::stoul(number.substr(1), nullptr, 16) : std::stoul(number);
      if (code < 0x20 && code != 9 && code != 10 && code != 13)
        complain("a reference to a control character: " + it->str());
    }
  }

  void element(pugi::xml_node node) {
    auto known = std::find_if(elements().begin(), elements().end(),
                              [&](const Element& e) { return std::strcmp(e.name, node.name()) == 0; });
    if (known == elements().end()) return complain(std::string("no such element: ") + node.name());
    attributes(node, *known);
    children(node, *known);
  }

  void attributes(pugi::xml_node node, const Element& known) {
    for (const Attribute& due : known.required)
      if (!node.attribute(due.name)) complain(std::string(node.name()) + " lacks " + due.name);
    for (pugi::xml_attribute attribute : node.attributes()) {
      const Attribute* found = nullptr;
      for (const auto* list : {&known.required, &known.optional})
        for (const Attribute& candidate : *list)
          if (std::strcmp(candidate.name, attribute.name()) == 0) found = &candidate;
      std::string where = std::string(node.name()) + "." + attribute.name();
      if (!found)
        complain("no such attribute: " + where);
      else if (!std::regex_match(attribute.value(), std::regex(found->pattern)))
        complain(where + " cannot be \"" + attribute.value() + '"');
    }
  }

  void children(pugi::xml_node node, const Element& known) {
    std::size_t at = 0;
    for (pugi::xml_node child : node.children()) {
      if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
        if (!known.text && std::string_view(child.value()).find_first_not_of(" \t\r\n") != std::string_view::npos)
          complain(std::string("text in ") + node.name());
        continue;
      }
      auto begin = known.children.begin();
      auto found = std::find_if(begin + static_cast<std::ptrdiff_t>(at), known.children.end(),
                                [&](const char* name) { return std::strcmp(name, child.name()) == 0; });
      if (found == known.children.end())
        complain(std::string(child.name()) + " does not belong there in " + node.name());
      else
        at = static_cast<std::size_t>(found - begin);
      element(child);
    }
    if (std::strcmp(node.name(), "testsuite") == 0)
      for (const char* due : {"properties", "system-out", "system-err"})
        if (std::distance(node.children(due).begin(), node.children(due).end()) != 1)
          complain(std::string("a testsuite has one ") + due);
    if (std::strcmp(node.name(), "testcase") == 0 && std::distance(node.begin(), node.end()) > 1)
      complain("a testcase with more than one outcome");
  }

  void counts(pugi::xml_node suite, int id) {
    int tests = 0, failures = 0, errors = 0, skipped = 0, milliseconds = 0;
    for (pugi::xml_node testcase : suite.children("testcase")) {
      ++tests;
      failures += !testcase.child("failure").empty();
      errors += !testcase.child("error").empty();
      skipped += !testcase.child("skipped").empty();
      milliseconds += static_cast<int>(testcase.attribute("time").as_double() * 1000 + 0.5);
    }
    auto equal = [&](const char* name, int counted) {
      if (suite.attribute(name).as_int(-1) != counted)
        complain(std::string(suite.attribute("name").value()) + ": " + name + " is " + suite.attribute(name).value() +
                 ", and there are " + std::to_string(counted));
    };
    equal("id", id);
    equal("tests", tests);
    equal("failures", failures);
    equal("errors", errors);
    equal("skipped", skipped);
    if (static_cast<int>(suite.attribute("time").as_double() * 1000 + 0.5) != milliseconds)
      complain("the times of the testcases do not add up");
  }

  std::vector<std::string> complaints_;
};

inline std::vector<std::string> complaints(const std::string& xml) {
  return Checker().run(xml);
}

}  // namespace ffi_cts::junit_shape
