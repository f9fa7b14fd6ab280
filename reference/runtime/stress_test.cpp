// Races of everything against everything, mostly for the sanitizers. What is checked: each accepted submission is answered
// exactly once by the time destroy returned, each refused one exactly once before it returned, and then nothing comes.
#include "reference/runtime/test_host.hpp"

#include <array>
#include <atomic>

namespace ffi_cts::testing {
namespace {

struct Counts {
  std::atomic<std::uint64_t> submitted{0}, answered{0};
  std::atomic<bool> over{false}, late{false};
  std::atomic<void*> context{nullptr};
  Gate destroyed;

  static void callback(int ret, const char*, std::size_t, void* user_data) {
    auto& counts = *static_cast<Counts*>(user_data);
    if (counts.over) counts.late = true;
    if (ret != RET_STALE_WARN) ++counts.answered;
  }
  static void event(int, const char*, std::size_t, void* user_data) {
    auto& counts = *static_cast<Counts*>(user_data);
    if (counts.over) counts.late = true;
  }
  static void fetch(std::uint64_t id, const char* req, std::size_t len, void* user_data) {
    auto& counts = *static_cast<Counts*>(user_data);
    if (id % 3 == 0) return;  // stays open: teardown fails it
    probe::host_complete(counts.context, id, id % 3 == 1 ? RET_OK : RET_ERR, req, len);
  }
};

void submit_everything(Counts& counts, int rounds) {
  const std::array<std::pair<Proc, std::string>, 5> requests{{{probe::echo_cbor, echo("now")},
                                                              {probe::echo_cbor, echo("later", 1)},
                                                              {probe::emit_cbor, emit("x", 3)},
                                                              {probe::call_host_cbor, map({{"key", "k"}})},
                                                              {probe::fail_cbor, map({{"text", "no"}})}}};
  for (int i = 0; i < rounds; ++i) {
    for (const auto& [proc, request] : requests) {
      ++counts.submitted;
      proc(counts.context, Counts::callback, &counts, bytes(request), request.size());
    }
  }
}

// The userData of each listener is freed as soon as remove returned: a late call is a use after free.
void listen_and_remove(Counts& counts, int rounds) {
  struct Private {
    Counts* counts;
  };
  std::vector<std::unique_ptr<Private>> unremoved;  // destroyed meanwhile: its dispatch may run until destroy returned
  for (int i = 0; i < rounds; ++i) {
    auto mine = std::make_unique<Private>(Private{&counts});
    const auto heard = [](int ret, const char* msg, std::size_t len, void* user_data) {
      Counts::event(ret, msg, len, static_cast<Private*>(user_data)->counts);
    };
    const auto id = probe::add_event_listener(counts.context, i % 2 == 0 ? "tick" : "", heard, mine.get());
    if (id != 0 && probe::remove_event_listener(counts.context, id) != RET_OK) unremoved.push_back(std::move(mine));
  }
  counts.destroyed.wait();
}

void race(int round) {
  Counts counts;
  const std::string config = map({{"config", Fields{{"name", "stress"}, {"delayMs", round % 3}}}});
  ++counts.submitted;
  void* const handle = probe::create_cbor(bytes(config), config.size(), Counts::callback, &counts);
  ASSERT_NE(handle, nullptr);
  counts.context = handle;
  probe::register_host_fn(handle, "fetch", Counts::fetch, &counts);
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back([&] { submit_everything(counts, 60); });
  for (int i = 0; i < 2; ++i) threads.emplace_back([&] { listen_and_remove(counts, 200); });
  std::atomic<int> destroyed{0};
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      while (counts.answered < static_cast<std::uint64_t>(round) * 7) std::this_thread::yield();
      if (probe::destroy(handle) != RET_OK) return;
      ++destroyed;
      counts.destroyed.open();
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(destroyed, 1);
  counts.over = true;
  EXPECT_EQ(counts.answered, counts.submitted);
  EXPECT_NE(probe::destroy(handle), RET_OK);
  EXPECT_FALSE(counts.late);
}

TEST(Stress, SubmittersAddersRemoversAndCompletersAgainstDestroy) {
  for (int round = 0; round < 60; ++round) race(round);
}

}  // namespace
}  // namespace ffi_cts::testing
