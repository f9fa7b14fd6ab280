// Placeholders in role templates and reply patterns (spec/interface.md, "Placeholders").
#pragma once

#include <optional>
#include <string>

#include "harness/value/value.hpp"

namespace ffi_cts {

// What the placeholders stand for in one call.
struct Arguments {
  std::string text;                 // $text
  Bytes bytes;                      // $bytes
  std::uint64_t ms = 0, count = 0;  // $ms, $count
  std::optional<std::string> answer;  // $answer: what the host function answered
  Value ctor;                       // $ctor.<path>: the constructor's request map
};

// The template with its placeholders replaced. `$$` is a dollar. `$answer` without an answer and an unknown `$ctor` path
// give nullopt: the expectation is then not known.
// Map keys are taken as they are written.
std::optional<Value> instantiate(const Value& tmpl, const Arguments& arguments);
std::optional<std::string> instantiate_text(const std::string& tmpl, const Arguments& arguments);

// Does the placeholder of that name ("count") stand anywhere in the template?
bool holds(const Value& tmpl, std::string_view placeholder);

// Partial match: every key that the pattern names is present and matches; keys not named are free; lists match item by
// item. Numbers match by value (1 and 1.0 alike). nullopt: it matches; otherwise the path of the first difference
// and what was expected and seen there ("echoed: expected "abc", seen "abd"").
std::optional<std::string> mismatch(const Value& pattern, const Value& seen);

// Where a template stands decides what it may hold.
struct PlaceholderScope {
  bool answer = false;  // $answer is known there
  bool ctor = false;    // $ctor is known there
  bool whole = true;    // a whole string may become a value that is no text
};

// What is wrong with the placeholders of one string of an interface file ("unknown placeholder $txt; …"), if anything.
std::optional<std::string> placeholder_mistake(const std::string& tmpl, PlaceholderScope scope);

}  // namespace ffi_cts
