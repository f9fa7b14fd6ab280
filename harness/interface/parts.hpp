// The parts of an interface file that have a file of their own. All throw InterfaceError.
#pragma once

#include "harness/interface/interface.hpp"
#include "harness/interface/table.hpp"

namespace ffi_cts {

void read_symbols(const Table& root, Interface& out);  // names every symbol; needs all of `out` but the roles
void read_roles(const Table& root, Interface& out);    // needs all of the rest

}  // namespace ffi_cts
