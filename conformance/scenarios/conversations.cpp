#include "conformance/scenarios/conversations.hpp"

#include <fmt/format.h>

namespace ffi_cts::scenarios {
namespace {

struct Source {
  const char *name, *text;
};

constexpr Source for_all[] = {
    {"WIRE-1_one_echo", "j1 echo conformance item(1,1)"},
    {"WIRE-2_bytewise", "j1 echo conformance item(12,5) bytewise"},
    {"WIRE-2_three_at_once",
     "j1 echo conformance item(12,5) +\nj1 echo conformance item(4000,6) +\nj2 echo conformance item(0,7)"},
    {"WIRE-2_as_text",
     "j1 echo conformance item(20,5) head(t1)\nj1 echo conformance item(20,6) head(b2)\nj1 echo conformance item(20,6) "
     "head(t8)"},
    {"WIRE-3_as_long_as_may_be", "j1 echo conformance item(full,5)\nj1 spawn a1\nj5 echo a1 item(full,6)"},
    {"WIRE-4_proxy_id", "j1 spawn a1\nj1 proxy_id a1\nj2 proxy_id nobody\nj1 link nobody\nj3 echo a1 item(1,1)"},
    {"WIRE-6_any_item",
     "j1 echo conformance item(60,1)\nj1 echo conformance item(60,2)\nj1 echo conformance item(60,3)\nj1 echo "
     "conformance item(300,4)\nj1 echo conformance item(300,5)"},
    {"RMT-1_who", "j1 spawn a1\nj1 who conformance\nj2 who conformance\nj1 who a1\nj2 who a1\nj1 who conformance"},
    {"RMT-2_the_dead", "j1 spawn a1\nj1 exit a1 \"boom\"\nj1 echo a1 item(1,1)\nj2 echo nobody item(1,1)"},
    {"RMT-3_no_such_name",
     "j1 hail \"nobody by this name\"\nj2 hail \"\"\nj1 mumble conformance item(9,1)\nj1 mumble conformance item(9,3)"},
    {"RMT-5_linked_both_ways",
     "j1 spawn a1\nj1 link a1\nj2 link_me a1\nj2 link_me conformance\nj2 end \"no such file: \xc3\xbc.txt\"\nj1 exit "
     "a1 \"boom\""},
    {"RMT-5_linked_by_the_dead", "j1 spawn a1\nj1 link a1\nj1 end \"boom\"\nj2 exit a1 \"boom\""},
    {"RMT-6_link_to_the_dead", "j1 spawn a1\nj1 exit a1 \"boom\"\nj2 link a1"},
    {"RMT-7_exit_and_return",
     "j1 who conformance\nj1 end \"boom\"\nj1 who conformance\nj1 end \"normal\"\nj1 echo conformance item(1,1)"},
    {"RMT-8_linked_to_several",
     "j1 spawn a1\nj1 link_me a1\nj2 link_me a1\nj2 link_me conformance\nj3 link_me a1\nj3 end \"boom\""},
    {"RMT-8_after_an_error", "j1 link_me conformance\nerror \"enough\""},
    {"RMT-8_both_streams", "j1 link_me conformance\nj1 echo conformance item(9,1)\nwait\nvanish"},
    {"RMT-8_inside_a_frame", "j1 link_me conformance\nwait\nhalf 9"},
    {"RMT-9_long_and_short",
     "j1 echo conformance item(20000,1) +\nj1 echo conformance item(1,2) +\nj1 echo conformance item(9000,3) +\nj1 "
     "echo conformance item(0,4) +\nj1 echo conformance item(50,5)"},
    {"RMT-12_nobody_reads", "j1 flood 1000"},
};

constexpr Source for_parents[] = {
    {"RMT-8_the_child_dies", "j1 link_me conformance\nj2 spawn a1\nj2 link_me a1\nwait\ndie"},
    {"RMT-10_frames_on_stderr", "noise \"a line\"\nj1 echo conformance item(1,1)\nnoise \"another\""},
    {"RMT-11_shut", "j1 link_me conformance\nj1 shut"},
    {"RMT-11_stubborn", "stubborn\nj1 shut"},
};

}  // namespace

std::vector<peer::Opening> conversations(bool parent) {
  std::vector<peer::Opening> out;
  const auto add = [&](const Source& source) {
    out.push_back({source.name, peer::normalize(peer::parse_conversation(source.text))});
  };
  for (const Source& source : for_all) add(source);
  // One of each class that cannot be taken; chance brings the others.
  for (std::size_t i = 0; i < peer::faults().size(); i += 5)
    out.push_back({fmt::format("WIRE-5_{}", i), peer::normalize(peer::parse_conversation(fmt::format(
                                                    "j1 link_me conformance\nbad \"{}\"", peer::faults()[i].name)))});
  if (parent)
    for (const Source& source : for_parents) add(source);
  return out;
}

}  // namespace ffi_cts::scenarios
