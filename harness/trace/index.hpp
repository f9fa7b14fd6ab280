// From records to a trace: pairs what entered with what returned, finds what every callback belongs to, and adds what the
// program and the interface file let one expect.
#pragma once

#include <vector>

#include "harness/trace/record.hpp"
#include "harness/trace/trace.hpp"

namespace ffi_cts {

// What a run left behind. records[i] has stamp i; slots with written == 0 were never filled (a crash between two stores).
struct Log {
  std::vector<Record> records;
  Bytes arena;  // payload bytes; Record::offset points here
  Ending ending;
  std::optional<Loading> loading = {};
  Sanitizer watched_by = Sanitizer::none;
  std::string library = {};  // file name of the library under test
};

Trace index(Log log, const Program& program, const Interface& interface);

}  // namespace ffi_cts
