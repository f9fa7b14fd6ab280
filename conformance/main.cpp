// ffi-cts: the harness, given the rules and the scenarios.
#include "conformance/rules/judge.hpp"
#include "conformance/scenarios/scenarios.hpp"
#include "harness/cli/cli.hpp"

int main(int argc, char** argv) {
  return ffi_cts::command_line(argc, argv, {ffi_cts::rules::all(), ffi_cts::scenarios::all()});
}
