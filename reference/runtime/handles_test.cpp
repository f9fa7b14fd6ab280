#include "reference/runtime/test_host.hpp"

#include <set>

namespace ffi_cts::testing {
namespace {

void expect_refused_by_every_export(void* handle) {
  Recorder reply;
  const std::string request = echo("x");
  EXPECT_NE(probe::echo_cbor(handle, Recorder::callback, &reply, bytes(request), request.size()), RET_OK);
  ASSERT_EQ(reply.count(), 1U);
  EXPECT_EQ(reply.wait().ret, RET_ERR);
  EXPECT_EQ(reply.wait().thread, std::this_thread::get_id());
  EXPECT_EQ(probe::add_event_listener(handle, "tick", Recorder::callback, &reply), 0U);
  EXPECT_NE(probe::remove_event_listener(handle, 1), RET_OK);
  EXPECT_NE(probe::register_host_fn(handle, "fetch", [](auto...) {}, nullptr), RET_OK);
  EXPECT_NE(probe::host_complete(handle, 1, RET_OK, "x", 1), RET_OK);
  EXPECT_NE(probe::destroy(handle), RET_OK);
}

TEST(Handles, NullAndGarbageAreRefusedByEveryExport) {
  const TestContext alive;
  const auto number = reinterpret_cast<std::uintptr_t>(alive.handle);
  alignas(8) char noise[64] = {};
  expect_refused_by_every_export(nullptr);
  for (const std::uintptr_t garbage : {std::uintptr_t{1}, std::uintptr_t{42}, number + 1, number ^ (std::uintptr_t{1} << 32),
                                       number ^ (std::uintptr_t{1} << 63), ~std::uintptr_t{0},
                                       reinterpret_cast<std::uintptr_t>(noise), reinterpret_cast<std::uintptr_t>(noise) + 1}) {
    expect_refused_by_every_export(reinterpret_cast<void*>(garbage));
  }
}

TEST(Handles, ADestroyedHandleIsRefusedAlsoWhenItsPlaceHasANewOwner) {
  void* stale = nullptr;
  {
    TestContext context;
    stale = context.handle;
  }
  expect_refused_by_every_export(stale);
  std::vector<std::unique_ptr<TestContext>> owners;
  for (int i = 0; i < 70; ++i) owners.push_back(std::make_unique<TestContext>());  // surely one has the place
  expect_refused_by_every_export(stale);
}

TEST(Handles, HundredsOfContextsLiveAtOnceWithHandlesOfTheirOwn) {
  std::vector<std::unique_ptr<TestContext>> contexts;
  std::set<void*> handles;
  for (int i = 0; i < 300; ++i) {
    contexts.push_back(std::make_unique<TestContext>(std::to_string(i)));
    handles.insert(contexts.back()->handle);
  }
  EXPECT_EQ(handles.size(), contexts.size());
  for (std::size_t i = 0; i < contexts.size(); ++i) {
    EXPECT_EQ(contexts[i]->ask(probe::echo_cbor, echo("x")).text, echoed("x", std::to_string(i)));
  }
}

}  // namespace
}  // namespace ffi_cts::testing
