// The one text form of programs: one top-level step a line, its host thread first, its callback's behaviour in braces.
//
//   A  c1 = create text(4,1)
//   A  l1 = listen c1 event { remove l1; r2 = request c1 echo text(12,3) }
//   B  r1 = request c1 emit text(12,2) x3
//   A  wait r1
//
// Beside roles: `r1 = request c1 proc(3) item(8,17)` calls the file's fourth proc with items of its parameters' types of that size
// and seed, near_miss(8,17) with one of them just not of its type; `create item(8,17)` alike. `h1 = register c1 host(2)` is for
// the file's second host function.
// A first line `program fresh_process fresh_threads signal_storm many_descriptors rounds(200)` sets the program's own switches, all or some.
// `#` begins a comment.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "harness/program/program.hpp"

namespace ffi_cts {

// what() is "line N: what is wrong".
struct ProgramError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string to_text(const Step& step);  // without its thread
std::string to_text(const Program& program);

// The program, normalized. Throws ProgramError on anything that it does not know, a name used before it is defined included.
Program parse_program(std::string_view text);

std::string to_text(Ref ref);
std::string_view to_string(HandleKind kind);
std::string_view to_string(Misuse misuse);
std::string_view to_string(NameKind kind);

}  // namespace ffi_cts
