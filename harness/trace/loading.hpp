// What the kernel and the C library tell of a process that was a library's alone: it loaded the library, ran one program,
// unloaded it and ended. Crossings of the ABI do not show any of this.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/trace/ending.hpp"

namespace ffi_cts {

struct Descriptor {
  int number = -1;
  std::string target;          // "/dev/null", "anon_inode:[eventfd]"
  bool close_on_exec = false;
};

// A thread that is none of the host's.
struct OtherThread {
  int id = 0;
  std::string name;
  std::uint64_t blocked = 0;   // bit n - 1: signal n is blocked
};

// The process at one moment.
struct Surroundings {
  // What belongs to the host: each signal ("SIGPIPE" -> "default", "ignored", "handler 0x…"), and of the thread that looked
  // "locale", "signal mask" and "floating-point mode".
  std::map<std::string, std::string> settings;
  std::vector<Descriptor> descriptors;
  std::vector<OtherThread> threads;
};

// The memory that was resident while hostile requests were answered, in bytes: when the first was about to be sent, and at most
// from there on until the steps were over.
struct Resident {
  std::uint64_t before = 0, most = 0;
};

// After the teardown: the library is closed, the host's threads B to D end, the process exits.
struct Unloading {
  bool closed = false;         // dlclose returned; what follows is known only then
  bool mapped = false;         // the library was in the process's maps all the same
  std::vector<OtherThread> left;  // a while after it
  bool exited = false;         // the process ended with the status that the host chose; otherwise `ending` says how
  Ending ending;
};

struct Loading {
  std::vector<std::string> missing;   // symbols that the interface file names and the library's own table lacks
  Surroundings before, loaded;        // around dlopen
  std::optional<Surroundings> creating, created;  // around the first create, on its thread; settings only. Of programs of one thread
  std::optional<Surroundings> used;   // when the steps were over and the contexts lived on
  std::optional<Resident> resident;   // of programs with hostile requests; nothing: the kernel did not tell
  std::optional<Unloading> unloading; // nothing: not tried, since contexts were left or calls were running
};

}  // namespace ffi_cts
