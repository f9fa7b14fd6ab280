// What the interface file lets one expect of the requests and contexts of a program: filled in once the records are told apart.
#pragma once

#include <vector>

#include "harness/program/payload.hpp"
#include "harness/trace/trace.hpp"

namespace ffi_cts {

// The steps of a program by their ids; 0 is none.
using Steps = std::vector<const Step*>;
const Step* step_of(const Steps& steps, int id);

// Of what call_host's host function is called with, and answers. Raw where there is none.
HostEncoding host_encoding(const Interface& interface);

// Nobody knows what a proc does that was not called by a role, nor what a constructor made of arguments that no role made: a
// later echo may fail for it, or answer otherwise. So from there on the requests of that context have no role.
void forget_roles(Trace& trace);

class Expectations {
 public:
  // Both outlive it.
  Expectations(const Steps& steps, const Interface& interface) : steps_(steps), interface_(interface) {}

  void of(Request& request) const;
  void of(Context& context) const;

  // What the placeholders of the request's role stand for.
  Arguments role_arguments(const Request& request) const;

 private:
  Value ctor_value(const Context& context) const;
  void of_call_host(Request& request, const Role& role, const Arguments& arguments) const;

  const Steps& steps_;
  const Interface& interface_;
};

}  // namespace ffi_cts
