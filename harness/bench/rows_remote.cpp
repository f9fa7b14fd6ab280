// `bench --remote`: what the reference's endpoint costs beside the bare pipes under it. No library is measured.
#include <fmt/format.h>

#include "harness/bench/remote.hpp"
#include "harness/bench/rows.hpp"

namespace ffi_cts::bench {
namespace {

constexpr std::size_t most_of_a_writev = 1024;  // IOV_MAX

Row sends(std::string name, int actors, std::size_t batch) {
  Row row;
  row.name = std::move(name);
  row.unit = "ns/message";
  row.does = fmt::format(
      "{} messages of 100 B over a pipe to an actor in another process, as many at a time as the endpoint takes; the "
      "other side says when all have come.",
      actors == 1 ? "An actor sends"
                  : fmt::format("{} actors, each with a proxy over there, send in turn", actors));
  row.floor_does = batch == 1 ? "The same bytes, one write(2) a message, to a process that reads 64 KiB at a time."
                              : fmt::format("The same bytes, {} messages a writev(2), to the same process.", batch);
  row.section = "pipe";
  row.alone = [=] { return remote::sends(actors); };
  row.floor = [=] { return floors::pipe_writes(batch); };
  return row;
}

Row round_trip() {
  Row row;
  row.name = "round-trip";
  row.unit = "ns/round trip";
  row.does = "An actor sends 100 B to one in another process and gets it back, then again.";
  row.floor_does = "The same bytes to and fro with blocking read(2) and write(2).";
  row.section = "round trip";
  row.alone = [] { return remote::round_trips(); };
  row.floor = [] { return floors::pipe_round_trip(); };
  return row;
}

Row proxy_memory() {
  Row row;
  row.name = "memory-proxy";
  row.unit = "bytes/proxy";
  row.does = "Private dirty memory that 10,000 proxies added.";
  row.floor_does = "The same of 10,000 entries of a std::unordered_map from id to id.";
  row.section = "table";
  row.items = 10'000;
  row.fresh = true;
  row.alone = [] { return remote::proxy_memory(); };
  row.floor = [] { return floors::table_memory(); };
  return row;
}

}  // namespace

std::vector<Group> remote_rows() {
  return {{sends("send-write", 1, 1)},
          {sends("send-writev", 1, most_of_a_writev)},
          {sends("send-10000-write", 10'000, 1)},
          {sends("send-10000-writev", 10'000, most_of_a_writev)},
          {round_trip()},
          {proxy_memory()}};
}

}  // namespace ffi_cts::bench
