#include "harness/bench/rows.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "harness/bench/context.hpp"
#include "harness/bench/floor_source.hpp"
#include "harness/bench/floors.hpp"
#include "harness/bench/library_rows.hpp"

namespace ffi_cts::bench {
namespace {

constexpr std::uint32_t window = 64, small = 64;

std::string size_name(std::uint32_t bytes) {
  return bytes < 1024 ? fmt::format("{}B", bytes) : fmt::format("{}KiB", bytes / 1024);
}

Row requests(std::string name, std::string does, int threads, std::uint32_t under_way, std::uint32_t payload) {
  Row row;
  row.name = std::move(name);
  row.unit = "ns/request";
  row.does = std::move(does);
  row.floor_does =
      "The payload is copied into memory of malloc's and posted to an io_context with one thread, which spawns a "
      "coroutine that "
      "copies it into a reply of its own and calls back.";
  row.section = "requests";
  row.roles = {RoleName::echo};
  row.needs_payload = payload != small;
  row.library = [=](const Target& target) { return library_rows::requests(target, threads, under_way, payload); };
  row.floor = [=] { return floors::requests(threads, under_way, payload); };
  return row;
}

Row event(int listeners) {
  Row row;
  row.name = fmt::format("event-{}", listeners);
  row.unit = "ns/event";
  row.does = fmt::format(
      "Role emit emits events to {} of that name: one request has all of them emitted, where it takes a $count.",
      listeners == 1 ? "a listener" : fmt::format("{} listeners", listeners));
  row.floor_does =
      "A bare post to an io_context from another thread for each event, 64 under way. Its handler calls each listener: "
      "nothing is "
      "copied.";
  row.section = "events";
  row.roles = {RoleName::emit};
  row.library = [=](const Target& target) { return library_rows::events(target, listeners); };
  row.floor = [=] { return floors::events(listeners); };
  return row;
}

Row host_call(std::string name, std::string does, bool from_another_thread) {
  Row row;
  row.name = std::move(name);
  row.unit = "ns/request";
  row.does = std::move(does);
  row.floor_does =
      "A post that spawns a coroutine, as in the other rows; it hands its continuation to the same host thread or "
      "none, which "
      "copies an answer and posts it back.";
  row.section = "host calls";
  row.roles = {RoleName::call_host};
  row.library = [=](const Target& target) { return library_rows::host_calls(target, from_another_thread); };
  row.floor = [=] { return floors::host_calls(from_another_thread); };
  return row;
}

Row create_destroy() {
  Row row;
  row.name = "create-destroy";
  row.unit = "ns/context";
  row.does = "A context is created, its constructor's callback awaited, and destroyed, one after the other.";
  row.floor_does = "A thread is started that runs an empty io_context, and joined. Nobody waits for it in between.";
  row.section = "threads";
  row.library = [](const Target& target) { return library_rows::contexts(target); };
  row.floor = [] { return floors::threads(); };
  return row;
}

Row memory_of_a_context() {
  Row row;
  row.name = "memory-context";
  row.unit = "bytes/context";
  row.does =
      "Private dirty memory (smaps_rollup: every allocator's, and stacks, in whole pages) that 16 idle contexts added "
      "to one.";
  row.floor_does = "The same of 16 threads, each of which runs an io_context that had one post.";
  row.section = "idle memory";
  row.items = 16;
  row.fresh = true;
  row.contexts = 17;
  row.library = [](const Target& target) { return library_rows::idle_memory(target); };
  row.floor = [] { return floors::idle_memory(); };
  return row;
}

Row memory_of_a_request() {
  Row row;
  row.name = "memory-request";
  row.unit = "bytes/request";
  row.does =
      "Private dirty memory that 10,000 requests of role delay with 64 B each added, while all of them wait for their "
      "time.";
  row.floor_does = "The same of 10,000 coroutines, each with a copy of 64 B, that wait for a timer.";
  row.section = "request memory";
  row.items = 10'000;
  row.fresh = true;
  row.roles = {RoleName::delay, RoleName::echo};
  row.library = [](const Target& target) { return library_rows::request_memory(target); };
  row.floor = [] { return floors::request_memory(); };
  return row;
}

}  // namespace

std::vector<Group> rows() {
  std::vector<Group> out;
  auto add = [&out](Row row) { out.push_back({std::move(row)}); };
  add(requests("sequential",
               "One host thread submits role echo with 64 B and sleeps until it is answered, then the next.", 1, 1,
               small));
  for (int threads : {1, 4})
    add(requests(
        fmt::format("pipelined-{}", threads),
        threads == 1
            ? "One host thread submits role echo with 64 B, with at most 64 under way."
            : fmt::format("{} host threads submit role echo with 64 B, each with at most 64 under way.", threads),
        threads, window, small));
  for (std::uint32_t payload : {64u, 1024u, 4096u, 16384u, 65536u})
    add(requests("payload-" + size_name(payload), fmt::format("One host thread, 64 under way, {} B each way.", payload),
                 1, window, payload));
  for (int listeners : {1, 10, 100}) add(event(listeners));
  add(host_call("host-call-inline", "Role call_host, 64 under way; the host answers inside its function.", false));
  add(host_call("host-call-thread", "Role call_host, 64 under way; a second host thread answers.", true));
  add(create_destroy());
  add(memory_of_a_context());
  add(memory_of_a_request());
  return out;
}

std::optional<std::string> not_applicable(const Row& row, const Interface& interface) {
  for (RoleName role : row.roles) {
    const Role* played = interface.role(role);
    if (!played) return fmt::format("no role {}", to_string(role));
    const Variants& symbols = interface.procs[played->proc].symbols;
    if (symbols.cbor.empty()) return fmt::format("role {} has no CBOR variant", to_string(role));
    if (role == RoleName::emit && !interface.has_events()) return "no add_event_listener";
    if (role == RoleName::call_host && interface.register_host_fn.empty()) return "no register_host_fn";
  }
  auto echo = [&](std::uint32_t size) { return request_of(interface, RoleName::echo, {.size = size}).size(); };
  if (row.needs_payload && echo(64) == echo(1024)) return "role echo takes neither $text nor $bytes";
  if (interface.contract.max_contexts && row.contexts > *interface.contract.max_contexts)
    return fmt::format("max_contexts is {}", *interface.contract.max_contexts);
  return std::nullopt;
}

std::string_view floor_code(std::string_view section) {
  const std::string head = fmt::format("\n// --- {}\n", section);
  std::size_t begin = floor_source.find(head);
  if (begin == std::string_view::npos) throw std::logic_error(fmt::format("{}: no such section", section));
  begin += head.size();
  std::string_view code = floor_source.substr(begin, floor_source.find("\n// ---", begin) - begin);
  return code.substr(0, code.find_last_not_of('\n') + 2);
}

}  // namespace ffi_cts::bench
