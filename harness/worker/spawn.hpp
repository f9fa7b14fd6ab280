// Starting a worker process with its link, its shared memory and its captured output.
#pragma once

#include <string>

#include "harness/trace/shared.hpp"

namespace ffi_cts {

struct WorkerSetup;

struct Spawned {
  int pid;      // also its process group's: the library may start processes
  int process;  // its pidfd
  int link, alarm, output;
  int report;  // a file for what a sanitizer reports
  Shared* shared;
};

// Throws std::runtime_error when the system refuses.
Spawned spawn_worker(const WorkerSetup& setup);

}  // namespace ffi_cts
