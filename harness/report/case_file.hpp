// A saved counterexample: all that a replay needs, in text that people can read and edit.
//
//   ffi-cts case 1
//   library /opt/libfoo.so
//   library_hash 00c3f1d2a9b84e57
//   interface /opt/foo.toml
//   rule EVT-9
//   worker plain
//   seed 7
//   case 118
//   tries 1
//
//   history x169
//     A  c1 = create
//   program
//     A  c1 = create
//     A  l1 = listen c1 event { remove l1 }
//
// A key's value is the rest of its line, with \n, \r and \\ for a line feed, a carriage return and a backslash. A
// section (any number of histories, one program) is the indented lines that follow it. Lines that begin with '#' are
// comments.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "harness/shrink/trial.hpp"

namespace ffi_cts {

// what() is one line "file:line: what is wrong"; without the line where the file as a whole cannot be read or written.
struct CaseError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct CaseFile {
  std::string library, library_hash;  // hash_of_file(library) when the case was saved
  std::string interface_file, rule;
  std::string worker = "plain";       // the kind that it was seen with
  std::uint64_t seed = 0, case_number = 0;
  int tries = 1;    // runs that a replay gives it at least
  History history;  // what must run before it in the same process
  Program program;
};

// Writes `<RULE>-<4 hex digits of the program's hash>.case` into the directory, which is made if need be. Returns its
// path.
std::string save_case(const std::string& directory, const CaseFile& file);

// Throws CaseError.
CaseFile load_case(const std::string& path);

// FNV-1a (64 bits) of the file's bytes, as 16 hex digits; empty when it cannot be read.
std::string hash_of_file(const std::string& path);

}  // namespace ffi_cts
