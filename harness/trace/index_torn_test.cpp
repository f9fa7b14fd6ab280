// No log, however torn, brings the index down.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "harness/trace/index_logs.hpp"

namespace ffi_cts {
namespace {

// What holds of every trace, however it came to be.
void check_sound(const Trace& trace) {
  for (const Call& call : trace.calls) {
    ASSERT_LT(call.entered, trace.end);
    ASSERT_TRUE(!call.finished() || call.entered < call.returned);
    if (call.inside) {
      ASSERT_LT(call.inside->entered, call.entered);
      ASSERT_EQ(call.inside->thread, call.thread);
    }
    for (const Callback* callback : call.callbacks) ASSERT_EQ(callback->thread, call.thread);
    switch (call.export_) {
      case Export::create: ASSERT_TRUE(call.context && call.context->create); break;
      case Export::request: ASSERT_TRUE(call.request && call.request->call == &call); break;
      case Export::add_listener: ASSERT_TRUE(call.listener && call.listener->add == &call); break;
      case Export::register_host_fn: ASSERT_TRUE(call.host_function); break;
      default: break;
    }
  }
  for (const Callback& callback : trace.callbacks) {
    ASSERT_LT(callback.entered, trace.end);
    ASSERT_LE(callback.payload.size(), trace.storage.at(0).size());
    ASSERT_TRUE(callback.left == never || callback.entered < callback.left);
    ASSERT_TRUE(!callback.refusal || (callback.within && callback.code == ret_err));
    int owners = (callback.request != nullptr) + (callback.listener != nullptr) + (callback.host_function != nullptr) + (callback.constructed != nullptr);
    ASSERT_LE(owners, 1);
  }
  for (const Request& request : trace.requests) {
    request.terminal_callbacks();
    request.reply();
    ASSERT_TRUE(request.call);
    for (const Callback* callback : request.callbacks) ASSERT_EQ(callback->request, &request);
    for (const Callback& callback : trace.callbacks) trace.carries(callback, request);
  }
  for (const Listener& listener : trace.listeners) listener.removed();
  for (const Context& context : trace.contexts) {
    context.destroyed();
    context.constructor();
    destroy_begun_before(context, trace.end);
    for (const Call& call : trace.calls) destroyed_before(context, call);
  }
  for (const HostCall& call : trace.host_calls) ASSERT_TRUE(call.callback && call.function);
  trace.running_calls();
  trace.stray();
}

// Crashes between two stores, a library that scribbles on the shared memory, a program that is not this run's.
TEST(Index, SurvivesThreeThousandTornLogs) {
  const Log good = whole_run();
  check_sound(index(good, program(), toy()));
  std::mt19937_64 random(7);
  auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const Program other = parse_program("A  c1 = create\nA  l1 = listen c1 null\nA  wait l1\nA  destroy c1\n");
  std::size_t running = 0, strays = 0;
  for (int round = 0; round < 3000; ++round) {
    SCOPED_TRACE(round);
    Log log = good;
    for (std::size_t n = 1 + below(8); n > 0 && !log.records.empty(); --n) {
      const std::size_t i = below(log.records.size());
      Record& r = log.records[i];
      switch (below(16)) {
        case 0: r.written = 0; break;
        case 1: log.records.insert(log.records.begin() + static_cast<std::ptrdiff_t>(i), Record(r)); break;
        case 2: log.records.resize(i); break;
        case 3: std::swap(r, log.records[below(log.records.size())]); break;
        case 4: r.context = static_cast<int>(below(6)) - 1; break;
        case 5: r.object = static_cast<int>(below(6)) - 1; break;
        case 6: r.partner = below(2) ? below(log.records.size() + 2) : random(); break;
        case 7: r.step = static_cast<int>(below(40)) - 5; break;
        case 8: r.kind = static_cast<RecordKind>(below(9)); break;
        case 9: r.export_ = static_cast<Export>(below(9)); break;
        case 10: r.entry = static_cast<Entry>(below(7)); break;
        case 11: r.thread = static_cast<std::uint32_t>(below(2) ? below(6) : random()); break;
        case 12: r.offset = below(2) ? below(log.arena.size() + 4) : random(); break;
        case 13: r.kept = below(2) ? below(40) : random(); break;
        case 14: log.arena.resize(below(log.arena.size() + 1)); break;
        default: r.result = below(2) ? static_cast<std::int64_t>(below(4)) : static_cast<std::int64_t>(random()); break;
      }
    }
    const Trace trace = index(std::move(log), below(10) ? program() : other, toy());
    ASSERT_NO_FATAL_FAILURE(check_sound(trace));
    running += trace.running_calls().size();
    strays += trace.stray() != nullptr;
  }
  EXPECT_GT(running, 100u);
  EXPECT_GT(strays, 10u);
}

// Random order: what is stamped does not have to make sense.
TEST(Index, SurvivesShuffledLogs) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 500; ++round) {
    Log log = whole_run();
    std::shuffle(log.records.begin(), log.records.end(), random);
    ASSERT_NO_FATAL_FAILURE(check_sound(index(std::move(log), program(), toy()))) << round;
  }
}

}  // namespace
}  // namespace ffi_cts
