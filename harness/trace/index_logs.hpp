// Logs made by hand, for the tests of the index.
#pragma once

#include <functional>

#include "harness/program/text.hpp"
#include "harness/trace/index.hpp"
#include "harness/trace/recording.hpp"

namespace ffi_cts {

inline const Interface& toy() {
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

inline const Program& program() {
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
inline Log whole_run() {
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

}  // namespace ffi_cts
