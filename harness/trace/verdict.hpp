// What a judge says of one trace.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "harness/trace/trace.hpp"

namespace ffi_cts {

enum class Outcome : std::uint8_t {
  not_exercised,  // the rule's condition never came up
  pass,
  breach,
  unknown,        // it came up, but this trace cannot decide (a hang cut it off, a time verdict without repeats)
};

struct Verdict {
  Outcome outcome = Outcome::not_exercised;
  std::string expected, seen;   // of a breach: two short clauses
  std::vector<Stamp> proof;     // stamps of the events that prove it
  bool owns_ending = false;     // the crash, hang or exit of this trace is this rule's breach
  bool timing = false;          // a verdict of times: needs three of three solitary repeats
};

inline Verdict exercised_if(bool condition) { return {condition ? Outcome::pass : Outcome::not_exercised, {}, {}, {}}; }
inline Verdict undecidable(std::string why) { return {Outcome::unknown, {}, std::move(why), {}}; }

// breach("one terminal callback", "two", {stamps…})
inline Verdict breach(std::string expected, std::string seen, std::vector<Stamp> proof = {}) {
  return {Outcome::breach, std::move(expected), std::move(seen), std::move(proof)};
}
// The same for a call that crashed or never returned.
inline Verdict breach_by_ending(std::string expected, std::string seen, std::vector<Stamp> proof = {}) {
  Verdict verdict = breach(std::move(expected), std::move(seen), std::move(proof));
  verdict.owns_ending = true;
  return verdict;
}

}  // namespace ffi_cts
