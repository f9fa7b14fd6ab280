// A saved conversation: all that a replay needs, in text that people can read and edit.
//
//   ffi-cts conversation 1
//   rule WIRE-2
//   dialect plain
//   max_frame 32768
//   role child
//   word ./my-peer
//   word --verbose
//
//   j1 echo conformance item(12,3) cut(4)
//
// The words are the peer's command; what follows the empty line are the steps.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "harness/conversation/conversation.hpp"
#include "harness/peer/driver.hpp"

namespace ffi_cts::peer {

struct CaseFile {
  std::string rule;
  std::vector<std::string> command;
  Manner manner;
  bool parent = false;
  Conversation conversation;
};

// what() is one line "file:line: what is wrong".
struct CaseError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Writes `<RULE>-<hash>.conversation` into the directory, which is made if need be. Returns its path. Throws CaseError.
std::string save_case(const std::string& directory, const CaseFile& file);
CaseFile load_case(const std::string& path);
// Does the file begin as one of these does?
bool is_conversation_file(const std::string& path);

}  // namespace ffi_cts::peer
