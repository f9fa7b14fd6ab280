// ffi-cts: the harness, given the rules, the scenarios and the emitters of bindings.
#include "conformance/rules/judge.hpp"
#include "conformance/rules/peer_judge.hpp"
#include "conformance/scenarios/conversations.hpp"
#include "conformance/scenarios/scenarios.hpp"
#include "harness/cli/cli.hpp"
#include "reference/bindgen/bindgen.hpp"

int main(int argc, char** argv) {
  using namespace ffi_cts;
  return command_line(argc, argv, {rules::all(), scenarios::all(), {bindgen::known_languages(), bindgen::generate},
                                   peer::rules::peers(), scenarios::conversations});
}
