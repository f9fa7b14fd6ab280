#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "harness/bench/child.hpp"
#include "harness/bench/table.hpp"
#include "harness/cli/cli.hpp"

namespace ffi_cts {
namespace {

bench::Subject subject_of(const std::string& library, const std::string& interface_file) {
  check_file(library);  // before its interface file is missed
  bench::Subject subject{library, load_interface(interface_file.empty() ? interface_beside(library) : interface_file)};
  check_library(library, subject.interface);
  return subject;
}

// The rows of these names, or else those whose names begin so; all when none are named.
std::vector<bench::Group> chosen_rows(const BenchCommand& command) {
  std::vector<bench::Group> groups = command.remote  ? bench::remote_rows()
                                     : command.scale ? bench::scale_rows()
                                                     : bench::rows();
  if (command.rows.empty()) return groups;
  std::set<std::string> names;
  for (const std::string& wanted : command.rows) {
    std::set<std::string> found;
    for (const bench::Group& group : groups)
      for (const bench::Row& row : group)
        if (row.name.starts_with(wanted)) found.insert(row.name);
    if (found.empty())
      throw std::runtime_error(fmt::format("{}: no row's name begins so (see: ffi-cts bench {}--explain)", wanted,
                                           command.remote  ? "--remote "
                                           : command.scale ? "--scale "
                                                           : ""));
    if (found.contains(wanted)) found = {wanted};  // event-1 is not event-10 as well
    names.merge(found);
  }
  for (bench::Group& group : groups)
    std::erase_if(group, [&](const bench::Row& row) { return !names.contains(row.name); });
  std::erase_if(groups, [](const bench::Group& group) { return group.empty(); });
  return groups;
}

void show_progress(const std::string& row, int round, const BenchCommand& command) {
  fmt::print(stderr, "\r\x1b[K{}: {}", row,
             round == 0 ? "warming up" : fmt::format("round {} of {}", round, command.rounds));
  std::fflush(stderr);
}

// The first thing that went wrong, in one line. Empty: nothing did.
std::string first_failure(const std::vector<bench::Result>& results, const bench::Options& options) {
  for (const bench::Result& result : results) {
    if (result.subject.failed)
      return fmt::format("{}: {}: {}", options.subject.library, result.name, result.subject.why_not);
    if (result.against.failed)
      return fmt::format("{}: {}: {}", options.against->library, result.name, result.against.why_not);
    if (result.floor.failed) return fmt::format("the floor of {}: {}", result.name, result.floor.why_not);
  }
  return "";
}

// What is measured. Of --remote it is no library.
void choose_subjects(const BenchCommand& command, bench::Options& options) {
  if (command.remote) {
    options.subject.library = "endpoint";
    return;
  }
  options.subject =
      subject_of(command.library.empty() ? bundled_library("libprobe.so") : command.library, command.interface_file);
  if (!command.against.empty()) options.against = subject_of(command.against, command.against_interface);
  bench::check_loads(options);
}

}  // namespace

int run_bench(const BenchCommand& command) {
  if (command.remote && (command.scale || !command.library.empty() || !command.against.empty()))
    throw std::runtime_error("--remote measures no library, and has no --scale");
  std::vector<bench::Group> groups = chosen_rows(command);
  if (command.explain) {
    fmt::print("{}", bench::explained(groups));
    return 0;
  }
  if (command.against.empty() && !command.against_interface.empty())
    throw std::runtime_error("--interface2 is for --against");
  bench::Options options;
  options.rounds = command.rounds;
  options.limit_s = command.timeout_s;
  bool terminal = isatty(STDERR_FILENO);
  if (terminal)
    options.progress = [&command](const std::string& row, int round) { show_progress(row, round, command); };

  choose_subjects(command, options);
  std::vector<bench::Result> results = bench::measure(groups, options);
  if (terminal) fmt::print(stderr, "\r\x1b[K");
  if (command.json != "-") fmt::print("{}", bench::table(results, options));
  if (!command.json.empty()) write_text(command.json, bench::to_json(results, options));
  std::string failure = first_failure(results, options);
  if (failure.empty()) return 0;
  fmt::print(stderr, "ffi-cts: {}\n", failure);
  return 2;
}

}  // namespace ffi_cts
