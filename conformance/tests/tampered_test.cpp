// The judges on a recorded good trace that was tampered with: events deleted, doubled, swapped and relabelled. What the probe
// did is recorded once; each tampering of it must be noticed, by the rule that it breaks, and no nonsense may crash a judge.
#include <gmock/gmock.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "conformance/rules/judge.hpp"
#include "harness/program/text.hpp"
#include "harness/worker/worker.hpp"

namespace ffi_cts::tests {
namespace {

constexpr const char* good_program =
    "A  c1 = create text(16,1)\n"
    "A  wait c1\n"
    "A  l1 = listen c1 event\n"
    "A  l2 = listen c1 event\n"
    "A  r1 = request c1 echo text(16,2)\n"
    "A  wait r1\n"
    "A  r2 = request c1 echo text(16,3)\n"
    "A  wait r2\n"
    "A  r3 = request c1 emit text(16,4)\n"
    "A  wait r3\n"
    "A  r4 = request c1 fail text(16,5)\n"
    "A  r5 = request c1 emit text(16,6)\n"
    "A  wait all\n"
    "A  wait l1 #2\n"
    "A  wait l2 #2\n"
    "A  destroy c1\n";

const Interface& interface() {
  static const Interface probe = load_interface(FFI_CTS_PROBE_TOML);
  return probe;
}

const Program& program() {
  static const Program parsed = parse_program(good_program);
  return parsed;
}

const Log& good() {
  static const Log log = [] {
    WorkerSetup setup;
    setup.program = FFI_CTS_WORKER;
    setup.library = FFI_CTS_PROBE;
    setup.interface_file = FFI_CTS_PROBE_TOML;
    Worker worker(setup);
    worker.submit(1, program(), 1000);
    return worker.next(false).log;
  }();
  return log;
}

std::set<std::string> broken(const Log& log) {
  const Trace trace = index(log, program(), interface());
  std::set<std::string> out;
  for (const Judge& judge : rules::all())
    if (judge.judge(trace).outcome == Outcome::breach) out.insert(std::string(judge.rule.id()));
  return out;
}

// Where the n-th callback of the entry was entered.
std::size_t callback(const Log& log, Entry entry, int n = 0) {
  for (std::size_t i = 0; i < log.records.size(); ++i)
    if (log.records[i].kind == RecordKind::callback_entered && log.records[i].entry == entry && n-- == 0) return i;
  throw std::out_of_range("no such callback in the recorded trace");
}

std::size_t leaving(const Log& log, std::size_t entered) {
  for (std::size_t i = entered; i < log.records.size(); ++i)
    if (log.records[i].kind == RecordKind::callback_left && log.records[i].partner == entered) return i;
  throw std::out_of_range("the callback never left");
}

void remove_callback(Log& log, std::size_t entered) {
  log.records[leaving(log, entered)].written = 0;
  log.records[entered].written = 0;
}

// The callback comes once more, before the record at `before`.
void insert_callback(Log& log, std::size_t entered, std::size_t before) {
  Record copies[2] = {log.records[entered], log.records[leaving(log, entered)]};
  copies[1].partner = before;
  for (Record& record : log.records)
    if ((record.kind == RecordKind::call_returned || record.kind == RecordKind::callback_left || record.kind == RecordKind::wait_over) && record.partner >= before)
      record.partner += 2;
  log.records.insert(log.records.begin() + static_cast<std::ptrdiff_t>(before), copies, copies + 2);
}

void swap_payloads(Log& log, std::size_t a, std::size_t b) {
  for (auto member : {&Record::pointer, &Record::size, &Record::kept, &Record::offset, &Record::hash}) std::swap(log.records[a].*member, log.records[b].*member);
  std::swap(log.records[leaving(log, a)].hash, log.records[leaving(log, b)].hash);
}

std::size_t destroyed(const Log& log) {
  for (std::size_t i = 0; i < log.records.size(); ++i)
    if (log.records[i].kind == RecordKind::call_returned && log.records[i].export_ == Export::destroy) return i;
  throw std::out_of_range("nothing was destroyed");
}

TEST(Tampered, What_was_not_touched_breaks_no_rule) { EXPECT_THAT(broken(good()), testing::IsEmpty()); }

TEST(Tampered, A_deleted_callback_is_missed) {
  Log log = good();
  remove_callback(log, callback(log, Entry::terminal, 0));
  EXPECT_THAT(broken(log), testing::AnyOf(testing::Contains("REQ-1"), testing::Contains("END-2")));
  log = good();
  remove_callback(log, callback(log, Entry::constructor));
  EXPECT_THAT(broken(log), testing::Contains("REQ-17"));
  log = good();
  remove_callback(log, callback(log, Entry::listener, 0));
  EXPECT_THAT(broken(log), testing::Contains("EVT-4"));
}

TEST(Tampered, A_doubled_callback_is_one_too_many) {
  Log log = good();
  std::size_t at = callback(log, Entry::terminal, 1);
  insert_callback(log, at, leaving(log, at) + 1);
  EXPECT_THAT(broken(log), testing::Contains("REQ-1"));
  log = good();
  at = callback(log, Entry::constructor);
  insert_callback(log, at, leaving(log, at) + 1);
  EXPECT_THAT(broken(log), testing::Contains("REQ-17"));
  log = good();
  at = callback(log, Entry::listener, 1);
  insert_callback(log, at, leaving(log, at) + 1);
  EXPECT_THAT(broken(log), testing::Contains("EVT-4"));
}

TEST(Tampered, A_callback_moved_behind_the_destroy_is_late) {
  for (Entry entry : {Entry::terminal, Entry::listener}) {
    Log log = good();
    const std::size_t at = callback(log, entry, 1);
    insert_callback(log, at, destroyed(log) + 1);
    remove_callback(log, at);
    EXPECT_THAT(broken(log), testing::Contains("END-1"));
  }
}

TEST(Tampered, Swapped_payloads_reach_the_wrong_one) {
  Log log = good();
  swap_payloads(log, callback(log, Entry::terminal, 0), callback(log, Entry::terminal, 1));
  EXPECT_THAT(broken(log), testing::Contains("REQ-16"));
  log = good();
  // Each listener hears two events; now one of them hears the first twice and the other the second.
  swap_payloads(log, callback(log, Entry::listener, 0), callback(log, Entry::listener, 3));
  EXPECT_THAT(broken(log), testing::Contains("EVT-4"));
}

TEST(Tampered, Swapped_events_are_out_of_order) {
  Log log = good();
  std::vector<std::size_t> of_first;
  const std::size_t first = callback(log, Entry::listener, 0);
  for (std::size_t i = 0; i < log.records.size(); ++i)
    if (log.records[i].kind == RecordKind::callback_entered && log.records[i].entry == Entry::listener && log.records[i].object == log.records[first].object) of_first.push_back(i);
  ASSERT_EQ(of_first.size(), 2u);
  swap_payloads(log, of_first[0], of_first[1]);
  EXPECT_THAT(broken(log), testing::Contains("EVT-6"));
}

TEST(Tampered, A_relabelled_callback_belongs_to_nobody_it_should) {
  Log log = good();
  const std::size_t one = callback(log, Entry::terminal, 0), two = callback(log, Entry::terminal, 1);
  log.records[two].object = log.records[one].object;
  EXPECT_THAT(broken(log), testing::Contains("REQ-1"));
  log = good();
  log.records[two].user_data = log.records[one].user_data;
  EXPECT_THAT(broken(log), testing::Contains("REQ-4"));
  log = good();
  log.records[callback(log, Entry::listener, 0)].user_data += 8;
  EXPECT_THAT(broken(log), testing::Contains("EVT-15"));
  log = good();
  log.records[one].result = 7;
  EXPECT_THAT(broken(log), testing::Contains("REQ-2"));
  log = good();
  log.records[leaving(log, one)].hash ^= 1;
  EXPECT_THAT(broken(log), testing::Contains("PAY-3"));
}

// Any nonsense: a judge may call it a breach, or say that it cannot tell, but it says something.
TEST(Tampered, No_nonsense_crashes_a_judge) {
  const std::size_t size = good().records.size();
  rc::check([&] {
    Log log = good();
    const int changes = *rc::gen::inRange(1, 12);
    for (int i = 0; i < changes; ++i) {
      Record& record = log.records[*rc::gen::inRange<std::size_t>(0, size)];
      const Record& other = log.records[*rc::gen::inRange<std::size_t>(0, size)];
      switch (*rc::gen::inRange(0, 8)) {
        case 0: record.written = 0; break;
        case 1: record = other; break;
        case 2: record.object = *rc::gen::inRange(-2, 9); break;
        case 3: record.context = *rc::gen::inRange(-2, 4); break;
        case 4: record.partner = *rc::gen::inRange<std::uint64_t>(0, size + 2); break;
        case 5: record.kind = static_cast<RecordKind>(*rc::gen::inRange(0, 9)); break;
        case 6: record.thread = *rc::gen::inRange(0u, 7u); break;
        default: record.size = other.size, record.kept = other.kept, record.offset = other.offset;
      }
    }
    const Trace trace = index(std::move(log), program(), interface());
    for (const Judge& judge : rules::all()) judge.judge(trace);
  });
}

}  // namespace
}  // namespace ffi_cts::tests
