// `bench --scale`: does an item cost more where there are many of them?
#include <fmt/format.h>

#include "harness/bench/floors.hpp"
#include "harness/bench/library_rows.hpp"
#include "harness/bench/rows.hpp"

namespace ffi_cts::bench {
namespace {

// Events to many listeners, counted by what each of them hears.
class Deliveries : public Measurement {
 public:
  Deliveries(std::unique_ptr<Measurement> events, int listeners)
      : events_(std::move(events)), listeners_(static_cast<std::uint64_t>(listeners)) {}
  double run(std::uint64_t items) override {
    return events_->run(items / listeners_ + 1) / static_cast<double>(listeners_);
  }

 private:
  const std::unique_ptr<Measurement> events_;
  const std::uint64_t listeners_;
};

Row requests_at_once(std::string name, std::uint64_t count, RoleName role) {
  Row row;
  row.name = fmt::format("{}-{}", name, count);
  row.unit = "ns/request";
  row.section = name;
  row.items = count;
  row.roles = {role};
  return row;
}

Row queued(std::uint64_t count) {
  Row row = requests_at_once("queued", count, RoleName::echo);
  row.does = fmt::format(
      "{} requests of role echo with 64 B are submitted while a callback holds the loop up; then it goes on.", count);
  row.floor_does =
      "As many posts while a handler holds the io_context up; each copies the payload twice and spawns a coroutine.";
  row.library = [](const Target& target) { return library_rows::queued(target); };
  row.floor = [] { return floors::queued(); };
  return row;
}

Row waiting(std::uint64_t count) {
  Row row = requests_at_once("waiting", count, RoleName::call_host);
  row.does = fmt::format("{} requests of role call_host; when all of them wait for the host, it answers them in order.",
                         count);
  row.floor_does =
      "As many coroutines that hand over their continuations; when all have, answers are posted to them in order.";
  row.library = [](const Target& target) { return library_rows::waiting(target); };
  row.floor = [] { return floors::waiting(); };
  return row;
}

Row cancelled(std::uint64_t count) {
  Row row = requests_at_once("cancelled", count, RoleName::delay);
  row.roles.push_back(RoleName::echo);
  row.does = fmt::format(
      "A context is created, {} requests of role delay begin, and it is destroyed before their time.", count);
  row.floor_does = "A thread with an io_context, as many coroutines that wait for timers, and the end of it all.";
  row.library = [](const Target& target) { return library_rows::cancelled(target); };
  row.floor = [] { return floors::cancelled(); };
  return row;
}

Row deliver(int listeners) {
  Row row;
  row.name = fmt::format("deliver-{}", listeners);
  row.unit = "ns/delivery";
  row.does = fmt::format("Events to {} listeners, 100,000 deliveries in all.", listeners);
  row.floor_does = "A post for each event, 64 under way, whose handler calls each listener.";
  row.section = "events";
  row.items = 100'000;
  row.roles = {RoleName::emit};
  row.library = [=](const Target& target) {
    return std::make_unique<Deliveries>(library_rows::events(target, listeners), listeners);
  };
  row.floor = [=] { return std::make_unique<Deliveries>(floors::events(listeners), listeners); };
  return row;
}

Row listen(int listeners) {
  Row row;
  row.name = fmt::format("listen-{}", listeners);
  row.unit = "ns/listener";
  row.does = fmt::format("{} listeners of one event are added, and removed in the same order.", listeners);
  row.floor_does = "As many shared pointers are put into a std::map under a mutex, and taken out.";
  row.section = "registrations";
  row.items = static_cast<std::uint64_t>(listeners);
  row.roles = {RoleName::emit};
  row.library = [](const Target& target) { return library_rows::registrations(target); };
  row.floor = [] { return floors::registrations(); };
  return row;
}

Row contexts(int count) {
  Row row;
  row.name = fmt::format("contexts-{}", count);
  row.unit = "ns/context";
  row.does = fmt::format("{} contexts are created, alive at once, and destroyed.", count);
  row.floor_does = "As many threads, each of which runs an io_context until it is stopped.";
  row.section = "many threads";
  row.items = static_cast<std::uint64_t>(count);
  row.contexts = count;
  row.library = [](const Target& target) { return library_rows::many_contexts(target); };
  row.floor = [] { return floors::many_threads(); };
  return row;
}

Row crowd(int contexts) {
  Row row;
  row.name = fmt::format("crowd-{}", contexts);
  row.unit = "ns/request";
  row.does =
      fmt::format("64 requests of role echo to each of {} contexts, then all are awaited; over and over.", contexts);
  row.floor_does = "The same posts to as many io_contexts, each with a thread.";
  row.section = "crowd";
  row.items = 128'000;
  row.roles = {RoleName::echo};
  row.contexts = contexts;
  row.library = [=](const Target& target) { return library_rows::crowd(target, contexts); };
  row.floor = [=] { return floors::crowd(contexts); };
  return row;
}

template <typename Size, typename Make>
Group group(std::initializer_list<Size> sizes, Make make) {
  Group out;
  for (Size size : sizes) out.push_back(make(size));
  return out;
}

}  // namespace

std::vector<Group> scale_rows() {
  const std::initializer_list<std::uint64_t> at_once = {1'000, 10'000, 100'000};
  const std::initializer_list<int> listeners = {100, 1'000, 10'000}, many = {1, 10, 100, 500};
  return {group(at_once, queued),   group(at_once, waiting), group(at_once, cancelled), group(listeners, deliver),
          group(listeners, listen), group(many, contexts),   group(many, crowd)};
}

}  // namespace ffi_cts::bench
