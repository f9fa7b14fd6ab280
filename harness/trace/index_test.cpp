// The index: records become calls and callbacks that belong together, and no log, however torn, brings it down.
#include "harness/trace/index.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <stdexcept>

#include "harness/program/text.hpp"
#include "harness/trace/recording.hpp"

namespace ffi_cts {
namespace {

const Interface& toy() {
  static const Interface interface = parse_interface(toy_interface, "toy.toml");
  return interface;
}

// Writes logs record by record, as the driver would.
struct Writer {
  Log log;

  Stamp add(RecordKind kind, std::uint32_t thread, const std::function<void(Record&)>& fill = {}) {
    Record r{};
    r.written = 1;
    r.kind = kind;
    r.thread = thread;
    r.partner = ~std::uint64_t{0};
    r.clock_ns = 1000 * log.records.size();
    r.context = r.object = -1;
    if (fill) fill(r);
    log.records.push_back(r);
    return log.records.size() - 1;
  }
  Stamp enter(Export what, std::uint32_t thread, int step, int context, int object = -1, std::uint64_t id = 0) {
    return add(RecordKind::call_entered, thread, [&](Record& r) {
      r.export_ = what;
      r.step = step;
      r.context = context;
      r.object = object;
      r.id = id;
      r.user_data = 1000u + static_cast<std::uint64_t>(object + 1);
    });
  }
  void ret(Stamp call, std::int64_t result = 0) {
    const Record entered = log.records[call];
    add(RecordKind::call_returned, entered.thread, [&](Record& r) {
      r.export_ = entered.export_;
      r.step = entered.step;
      r.partner = call;
      r.result = result;
    });
  }
  Stamp call(Export what, std::uint32_t thread, int step, int context, int object = -1, std::int64_t result = 0) {
    const Stamp stamp = enter(what, thread, step, context, object);
    ret(stamp, result);
    return stamp;
  }
  Stamp callback(Entry entry, std::uint32_t thread, int step, int context, int object, int code = 0, std::string_view payload = "\xf6", std::uint64_t id = 0) {
    const std::size_t offset = log.arena.size();
    log.arena.insert(log.arena.end(), payload.begin(), payload.end());
    return add(RecordKind::callback_entered, thread, [&](Record& r) {
      r.entry = entry;
      r.step = step;
      r.context = context;
      r.object = object;
      r.result = code;
      r.id = id;
      r.size = r.kept = payload.size();
      r.offset = offset;
      r.hash = payload.size();
      r.user_data = 1000u + static_cast<std::uint64_t>(object + 1);
    });
  }
  void left(Stamp callback, std::uint32_t thread) {
    add(RecordKind::callback_left, thread, [&](Record& r) {
      r.partner = callback;
      r.hash = log.records[callback].hash;
    });
  }
};

const Program& program() {
  static const Program made = parse_program(
      "A  c1 = create text(4,1)\n"
      "A  l1 = listen c1 event { r2 = request c1 echo text(16,2); remove l1 }\n"
      "A  h1 = register c1 { complete h1.0 ok text(5,2) }\n"
      "B  r1 = request c1 emit text(16,1)\n"
      "B  r3 = request c1 call_host text(16,3)\n"
      "A  wait all\n"
      "A  destroy c1\n");
  return made;
}
// The steps by number: 1 create, 2 listen, 3 its request, 4 its remove, 5 register, 6 its complete, 7 r1, 8 r3, 9 wait, 10 destroy.

// A whole run of that program on threads 0, 1 and the loop 4.
Log whole_run() {
  Writer w;
  w.call(Export::create, 0, 1, 0, -1, 0x100);
  w.left(w.callback(Entry::constructor, 4, 1, 0, -1, 0, "\x63" "256"), 4);
  w.call(Export::add_listener, 0, 2, 0, 0, 77);
  w.call(Export::register_host_fn, 0, 5, 0, 0);
  const Stamp r1 = w.enter(Export::request, 1, 7, 0, 0);
  const Stamp event = w.callback(Entry::listener, 4, 2, 0, 0, 0, "\xa0");
  w.ret(r1);
  w.call(Export::request, 4, 3, 0, 1);
  const Stamp remove = w.enter(Export::remove_listener, 4, 4, 0, 0, 77);
  w.ret(remove);
  w.left(event, 4);
  w.left(w.callback(Entry::terminal, 4, 7, 0, 0), 4);
  const Stamp r3 = w.enter(Export::request, 1, 8, 0, 2);
  w.ret(r3);
  const Stamp wait = w.add(RecordKind::wait_begun, 0, [](Record& r) { r.step = 9; });
  const Stamp host = w.callback(Entry::host_fn, 4, 5, 0, 0, 0, "key", 55);
  const Stamp complete = w.enter(Export::host_complete, 4, 6, 0, 0, 55);
  w.ret(complete);
  w.left(host, 4);
  w.left(w.callback(Entry::terminal, 4, 3, 0, 1), 4);
  w.left(w.callback(Entry::terminal, 4, 8, 0, 2), 4);
  w.add(RecordKind::wait_over, 0, [&](Record& r) { r.partner = wait; });
  const Stamp destroy = w.enter(Export::destroy, 0, 10, 0);
  w.ret(destroy);
  const Stamp refused = w.enter(Export::request, 1, 8, 0, 3);
  w.left(w.callback(Entry::terminal, 1, 8, 0, 3, ret_err, "no"), 1);
  w.ret(refused, 1);
  return w.log;
}

TEST(Index, CallsAreAsTheyEnteredAndReturned) {
  const Trace trace = index(whole_run(), program(), toy());
  ASSERT_EQ(trace.calls.size(), 10u);
  for (const Call& call : trace.calls) {
    EXPECT_TRUE(call.finished());
    EXPECT_LT(call.entered, call.returned);
    EXPECT_EQ(call.context, &trace.contexts[0]);
  }
  EXPECT_EQ(trace.contexts[0].handle, 0x100u);
  EXPECT_TRUE(trace.contexts[0].constructor());
  EXPECT_TRUE(trace.contexts[0].destroyed());
  EXPECT_EQ(trace.listeners[0].id, 77u);
  EXPECT_EQ(trace.listeners[0].removed(), trace.listeners[0].removes.at(0));
  EXPECT_EQ(trace.host_calls.at(0).completions.at(0)->id, 55u);
  EXPECT_EQ(trace.host_calls[0].name, "h1.0");
  EXPECT_TRUE(trace.running_calls().empty());
  EXPECT_FALSE(trace.stray());
  ASSERT_EQ(trace.waits.size(), 1u);
  EXPECT_FALSE(trace.waits[0].given_up);
  EXPECT_NE(trace.waits[0].over, never);
}

TEST(Index, CallsInsideCallbacksKnowThemAndOthersDoNot) {
  const Trace trace = index(whole_run(), program(), toy());
  const Callback* event = trace.listeners[0].callbacks.at(0);
  const Call* nested = trace.requests[1].call;
  EXPECT_EQ(nested->inside, event);
  EXPECT_EQ(trace.listeners[0].removes[0]->inside, event);
  EXPECT_FALSE(trace.requests[0].call->inside);  // it ran meanwhile, on another thread
  EXPECT_FALSE(event->within);                   // entered while r1's call ran, but on another thread
  EXPECT_EQ(trace.host_calls[0].completions[0]->inside, trace.host_calls[0].callback);
}

TEST(Index, OnlyTheInlineErrorOfARefusedSubmissionIsARefusal) {
  Log log = whole_run();
  const Trace trace = index(log, program(), toy());
  const Request& refused = trace.requests[3];
  EXPECT_TRUE(refused.refused());
  EXPECT_TRUE(refused.callbacks.at(0)->refusal);
  EXPECT_EQ(refused.callbacks[0]->within, refused.call);
  EXPECT_EQ(refused.call->callbacks.size(), 1u);
  for (const Callback& callback : trace.callbacks) EXPECT_EQ(callback.refusal, &callback == refused.callbacks[0]);
  // The same callback of a submission that was accepted is its answer, and so it is when the call never returned.
  log.records.back().result = 0;
  EXPECT_FALSE(index(log, program(), toy()).requests[3].callbacks[0]->refusal);
  log.records.pop_back();
  EXPECT_FALSE(index(log, program(), toy()).requests[3].callbacks[0]->refusal);
}

TEST(Index, ACallInsideARefusalIsNotInsideACallback) {
  Writer w;
  w.call(Export::create, 0, 1, 0, -1, 0x100);
  const Stamp refused = w.enter(Export::request, 0, 7, 0, 0);
  const Stamp error = w.callback(Entry::terminal, 0, 7, 0, 0, ret_err, "no");
  w.call(Export::request, 0, 8, 0, 1);
  w.left(error, 0);
  w.ret(refused, 1);
  const Trace trace = index(w.log, program(), toy());
  EXPECT_TRUE(trace.requests[0].callbacks[0]->refusal);
  EXPECT_FALSE(trace.requests[1].call->inside);
}

TEST(Index, CallbacksNestOnTheirOwnThread) {
  Writer w;
  w.call(Export::create, 0, 1, 0, -1, 0x100);
  w.call(Export::add_listener, 0, 2, 0, 0, 77);
  w.call(Export::request, 0, 7, 0, 0);
  const Stamp outer = w.callback(Entry::listener, 4, 2, 0, 0);
  const Stamp call = w.enter(Export::request, 4, 3, 0, 1);
  const Stamp inner = w.callback(Entry::terminal, 4, 7, 0, 0);
  const Stamp innermost = w.callback(Entry::listener, 4, 2, 0, 0);
  const Stamp beside = w.callback(Entry::listener, 5, 2, 0, 0);
  const Trace trace = index(w.log, program(), toy());
  auto at = [&](Stamp stamp) -> const Callback& {
    for (const Callback& callback : trace.callbacks)
      if (callback.entered == stamp) return callback;
    throw std::runtime_error("no such callback");
  };
  EXPECT_FALSE(at(outer).inside);
  EXPECT_EQ(at(inner).inside, &at(outer));
  EXPECT_EQ(at(inner).within->entered, call);
  EXPECT_EQ(at(innermost).inside, &at(inner));
  EXPECT_FALSE(at(beside).inside);
  EXPECT_FALSE(at(beside).within);
  EXPECT_EQ(at(innermost).left, never);
}

TEST(Index, WhatNeverReturnedIsRunningAndWhatWasNeverWrittenIsNothing) {
  Log log = whole_run();
  const Stamp destroy = log.records.size() - 6;
  ASSERT_EQ(log.records[destroy].export_, Export::destroy);
  log.records[destroy + 1].written = 0;
  const Trace trace = index(log, program(), toy());
  ASSERT_EQ(trace.running_calls().size(), 1u);
  EXPECT_EQ(trace.running_calls()[0]->entered, destroy);
  EXPECT_FALSE(trace.contexts[0].destroyed());
  EXPECT_EQ(trace.end, log.records.size());
}

TEST(Index, AChangedPayloadAGivenUpParkAndAGivenUpWaitShow) {
  Log log = whole_run();
  for (Record& r : log.records) {
    if (r.kind == RecordKind::wait_over) r.result = 1;
    if (r.kind == RecordKind::callback_left && log.records[r.partner].entry == Entry::listener) {
      r.hash += 1;
      r.result = 1;
      r.id = 3;
    }
  }
  const Trace trace = index(log, program(), toy());
  EXPECT_TRUE(trace.waits[0].given_up);
  for (const Callback& callback : trace.callbacks) {
    EXPECT_EQ(callback.changed, callback.listener != nullptr);
    EXPECT_EQ(callback.stalled, callback.listener != nullptr);
    EXPECT_EQ(callback.stalled_at, callback.listener ? 3 : never);
  }
}

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

// ---- Facts ----------------------------------------------------------------------------------------------------------

struct CountsCalls {
  explicit CountsCalls(const Trace& trace) : calls(trace.calls.size()) { ++made; }
  std::size_t calls;
  static inline int made = 0;
};

TEST(Facts, are_worked_out_once_for_a_trace_and_anew_for_a_copy_of_it) {
  Recording t;
  t.create();
  const Trace trace = t.trace();
  const CountsCalls& first = trace.facts.of<CountsCalls>(trace);
  EXPECT_EQ(&first, &trace.facts.of<CountsCalls>(trace));
  EXPECT_EQ(first.calls, trace.calls.size());
  const Trace copy = trace;
  EXPECT_NE(&first, &copy.facts.of<CountsCalls>(copy));
  EXPECT_EQ(CountsCalls::made, 2);
}

}  // namespace
}  // namespace ffi_cts
