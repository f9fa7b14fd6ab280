// What `ffi-cts bench` measures: the rows, each beside its floor.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/bench/measurement.hpp"

namespace ffi_cts::bench {

struct Row {
  std::string name;  // as --row takes it
  std::string unit;  // "ns/request", "bytes/context"
  std::string does;  // a sentence each, for --explain
  std::string floor_does;
  std::string section;          // of the floors' source, where its code is
  std::uint64_t items = 0;      // of one measurement; 0: as many as take 100 ms
  bool fresh = false;           // every round in processes of its own
  std::vector<RoleName> roles;  // that it needs beside `create`
  std::function<std::unique_ptr<Measurement>(const Target&)> library;
  std::function<std::unique_ptr<Measurement>()> floor;
  std::function<std::unique_ptr<Measurement>()> alone;  // in place of `library`: what is measured needs none
  bool needs_payload = false;  // role echo takes a $text or $bytes, whose size is the row's
  int contexts = 1;            // alive at once
};

// Rows that are measured in turn with each other, so that they can be compared: those of one group differ in their size
// alone.
using Group = std::vector<Row>;

std::vector<Group> rows();
std::vector<Group> scale_rows();
std::vector<Group> remote_rows();

// Why the library's interface file does not allow this row. nullopt: it does.
std::optional<std::string> not_applicable(const Row& row, const Interface& interface);

// The code of one section of the floors, as it was compiled.
std::string_view floor_code(std::string_view section);

}  // namespace ffi_cts::bench
