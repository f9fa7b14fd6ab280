// ffi-cts bench. Nothing here depends on how fast anything is, only on what is slower than what by far.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "conformance/tests/command.hpp"
#include "conformance/tests/files.hpp"

namespace ffi_cts::tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Json = nlohmann::json;

constexpr double long_enough_s = 300;

Outcome bench(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "bench");
  return Command(std::move(arguments)).within(long_enough_s).run();
}

Json measured(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--json", "-"});
  Outcome outcome = bench(std::move(arguments));
  EXPECT_EQ(outcome.code, 0) << outcome;
  EXPECT_EQ(outcome.err, "") << outcome;  // no progress where there is no terminal
  return Json::parse(outcome.out);
}

void expect_numbers(const Json& row, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    ASSERT_TRUE(row[key].is_number()) << key << ' ' << row.dump();
    EXPECT_TRUE(std::isfinite(row[key].get<double>())) << key << ' ' << row.dump();
    EXPECT_GT(row[key].get<double>(), 0) << key << ' ' << row.dump();
  }
}

std::set<std::string> expect_rows(const Json& rows) {
  std::set<std::string> names;
  for (const Json& row : rows) {
    EXPECT_TRUE(names.insert(row["name"].get<std::string>()).second) << row.dump();
    EXPECT_THAT(row["unit"].get<std::string>(), testing::AnyOf(StartsWith("ns/"), StartsWith("bytes/")));
    expect_numbers(row, {"value", "floor", "ratio", "low", "high"});
    EXPECT_LE(row["low"], row["ratio"]) << row.dump();
    EXPECT_LE(row["ratio"], row["high"]) << row.dump();
  }
  return names;
}

// The lines that begin with this.
std::vector<std::string> lines_with(const std::string& text, const std::string& begin) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(begin)) out.push_back(line);
  return out;
}

TEST(Bench, Gives_every_row_of_the_probe_and_its_floor_a_number) {
  std::set<std::string> names = expect_rows(measured({"--rounds", "2"}));
  EXPECT_EQ(names, (std::set<std::string>{"sequential", "pipelined-1", "pipelined-4", "payload-64B", "payload-1KiB",
                                          "payload-4KiB", "payload-16KiB", "payload-64KiB", "event-1", "event-10",
                                          "event-100", "host-call-inline", "host-call-thread", "create-destroy",
                                          "memory-context", "memory-request"}));
}

TEST(Bench, Gives_every_size_of_the_scale_a_number_and_its_growth) {
  Json rows = measured({"--scale", "--rounds", "1"});
  std::set<std::string> names = expect_rows(rows);
  EXPECT_EQ(names.size(), 23u);
  for (const Json& row : rows) expect_numbers(row, {"growth", "floor_growth"});
  for (const char* name : {"queued-100000", "waiting-100000", "cancelled-100000", "deliver-10000", "listen-10000",
                           "contexts-500", "crowd-500"})
    EXPECT_TRUE(names.contains(name)) << name;
}

TEST(Bench, Gives_every_row_of_the_endpoint_and_its_floor_a_number) {
  std::set<std::string> names = expect_rows(measured({"--remote", "--rounds", "1"}));
  EXPECT_EQ(names, (std::set<std::string>{"send-write", "send-writev", "send-10000-write", "send-10000-writev",
                                          "round-trip", "memory-proxy"}));
  Outcome outcome = bench({"--remote", "--explain"});
  EXPECT_EQ(outcome.code, 0) << outcome;
  EXPECT_EQ(lines_with(outcome.out, "  row").size(), 6u) << outcome;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("writev("), HasSubstr("class RoundTrip"), Not(HasSubstr("bare Asio"))));
}

TEST(Bench, Shows_a_slow_library_beside_another_one_either_way_round) {
  std::string slow = library("faulty/foreign/slow_create.so"), probe = library("libprobe.so");
  Json row = measured({slow, "--against", probe, "--row", "create-destroy", "--rounds", "3"})[0];
  expect_rows(Json::array({row}));
  EXPECT_GT(row["against_low"], 3) << row.dump();  // it sleeps for 200 ms
  EXPECT_GT(row["value"], row["against"]);
  row = measured({probe, "--against", slow, "--row", "create-destroy", "--rounds", "3"})[0];
  EXPECT_LT(row["against_high"], 0.33) << row.dump();
}

TEST(Bench, Takes_a_row_by_its_name_or_all_that_begin_so) {
  Json one = measured({"--row", "event-1", "--rounds", "1"});
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0]["name"], "event-1");
  EXPECT_EQ(measured({"--row", "event", "--row", "sequential", library("libprobe.so"), "--rounds", "1"}).size(), 4u);
}

TEST(Bench, Says_why_a_row_does_not_apply) {
  Directory directory;
  std::string toml = read_file(library("probe.toml"));
  toml = toml.substr(0, toml.find("[roles.call_host]"));  // the roles after it go as well
  std::string file = directory.write("few.toml", changed(toml, "schema = \"probe.cddl\"\n", ""));
  std::string probe = library("libprobe.so");
  Outcome outcome = bench({probe, "--interface", file, "--row", "host-call", "--row", "event-1", "--rounds", "1"});
  EXPECT_EQ(outcome.code, 0) << outcome;
  EXPECT_EQ(lines_with(outcome.out, "host-call-").size(), 2u) << outcome;
  for (const std::string& line : lines_with(outcome.out, "host-call-"))
    EXPECT_THAT(line, HasSubstr("not applicable: no role call_host"));
  EXPECT_THAT(lines_with(outcome.out, "event-1").at(0), Not(HasSubstr("not applicable")));
  Json row = measured({probe, "--interface", file, "--row", "host-call-inline", "--rounds", "1"})[0];
  EXPECT_TRUE(row["value"].is_null() && row["ratio"].is_null()) << row.dump();
  EXPECT_EQ(row["reason"], "not applicable: no role call_host");
}

TEST(Bench, Shows_a_table_with_a_line_for_each_row) {
  Outcome outcome = bench({"--row", "sequential", "--row", "create-destroy", "--rounds", "6"});
  EXPECT_EQ(outcome.code, 0) << outcome;
  EXPECT_EQ(outcome.err, "") << outcome;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("libprobe.so"), HasSubstr("floor"), HasSubstr("ratio"),
                                 HasSubstr("Medians of 6 rounds")));
  EXPECT_EQ(lines_with(outcome.out, "sequential").size(), 1u);
  EXPECT_EQ(lines_with(outcome.out, "create-destroy").size(), 1u);
}

TEST(Bench, Explains_every_row_with_the_code_of_its_floor) {
  Outcome outcome = bench({"--explain"});
  EXPECT_EQ(outcome.code, 0) << outcome;
  EXPECT_EQ(lines_with(outcome.out, "  row").size(), 16u) << outcome;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("class Requests"), HasSubstr("asio::co_spawn"), HasSubstr("thread.join()")));
  outcome = bench({"--scale", "--explain", "--row", "listen"});
  EXPECT_EQ(lines_with(outcome.out, "  row").size(), 3u) << outcome;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("class Registrations"), Not(HasSubstr("class Crowd"))));
}

// ---- libraries that cannot be measured: one clear line, exit code 2 ----

std::string refused(std::vector<std::string> arguments) {
  Outcome outcome = bench(std::move(arguments));
  EXPECT_EQ(outcome.code, 2) << outcome;
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome;
  EXPECT_THAT(outcome.err, StartsWith("ffi-cts: ")) << outcome;
  return outcome.err;
}

TEST(Bench, Tells_of_a_library_that_crashes_while_it_is_loaded) {
  EXPECT_THAT(refused({library("faulty/foreign/crash_on_load.so")}),
              AllOf(HasSubstr("crash_on_load.so"), HasSubstr("loading it"), HasSubstr("crashed (")));
}

// The probe's interface file, in which `empty` plays role echo: the planted defects below are in `empty`.
std::string with_empty_as_echo(const Directory& directory) {
  std::string toml = changed(read_file(library("probe.toml")), "schema = \"probe.cddl\"\n", "");
  std::size_t begin = toml.find("[roles.echo]"), end = toml.find("[roles.delay]");
  return directory.write("odd.toml",
                         toml.replace(begin, end - begin, "[roles.echo]\nproc = \"empty\"\nrequest = {}\n\n"));
}

TEST(Bench, Tells_of_a_request_that_fails_or_is_never_answered) {
  Directory directory;
  std::string file = with_empty_as_echo(directory);
  EXPECT_THAT(refused({library("faulty/REQ-2_code_7.so"), "--interface", file, "--row", "sequential"}),
              AllOf(HasSubstr("REQ-2_code_7.so: sequential: "), HasSubstr("answered with code 7")));
  EXPECT_THAT(
      refused({library("faulty/REQ-1_never.so"), "--interface", file, "--row", "sequential", "--timeout", "1s"}),
      AllOf(HasSubstr("REQ-1_never.so: sequential: "), HasSubstr("did not finish within 1 s")));
}

TEST(Bench, Goes_on_with_the_other_rows_when_the_library_ends_its_process) {
  Directory directory;
  Outcome outcome =
      bench({library("faulty/foreign/calls_exit.so"), "--interface", with_empty_as_echo(directory), "--row",
             "sequential", "--row", "payload-64KiB", "--row", "create-destroy", "--rounds", "1"});
  EXPECT_EQ(outcome.code, 2) << outcome;
  EXPECT_THAT(outcome.err, HasSubstr("calls_exit.so: sequential: ended with exit code 7\n"));
  EXPECT_THAT(lines_with(outcome.out, "sequential").at(0), HasSubstr("failed: ended with exit code 7")) << outcome;
  EXPECT_THAT(lines_with(outcome.out, "payload-64KiB").at(0), HasSubstr("not applicable: role echo takes neither"))
      << outcome;
  EXPECT_THAT(lines_with(outcome.out, "create-destroy").at(0), AllOf(HasSubstr("ns/context"), Not(HasSubstr("failed"))))
      << outcome;
}

TEST(Bench, Refuses_what_it_cannot_use_in_one_line) {
  EXPECT_THAT(refused({"--row", "nosuch"}), HasSubstr("nosuch"));
  EXPECT_THAT(refused({"--scale", "--row", "sequential"}), HasSubstr("sequential"));
  EXPECT_THAT(refused({"--remote", "--row", "sequential"}), HasSubstr("sequential"));
  EXPECT_THAT(refused({"--remote", library("libprobe.so")}), HasSubstr("--remote"));
  EXPECT_THAT(refused({"/nowhere/libx.so"}), HasSubstr("/nowhere/libx.so: no such file"));
  EXPECT_THAT(refused({"--against", "/nowhere/liby.so"}), HasSubstr("/nowhere/liby.so: no such file"));
  EXPECT_THAT(refused({"--interface", "/nowhere/x.toml"}), HasSubstr("/nowhere/x.toml"));
  EXPECT_THAT(refused({"--interface2", library("probe.toml")}), HasSubstr("--against"));
  EXPECT_THAT(refused({"--rounds", "0"}), HasSubstr("--rounds"));
  EXPECT_THAT(refused({"--timeout", "3 weeks"}), HasSubstr("3 weeks"));
  EXPECT_THAT(refused({library("probe.toml"), "--interface", library("probe.toml")}),
              HasSubstr("not a shared library"));
  EXPECT_THAT(refused({"--row", "sequential", "--rounds", "1", "--json", "/nowhere/x.json"}),
              HasSubstr("/nowhere/x.json"));
}

}  // namespace
}  // namespace ffi_cts::tests
