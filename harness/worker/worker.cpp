#include "harness/worker/worker.hpp"

#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <climits>
#include <filesystem>
#include <utility>

#include "harness/driver/recorder.hpp"
#include "harness/program/text.hpp"
#include "harness/worker/facts.hpp"
#include "harness/worker/spawn.hpp"
#include "harness/worker/stacks.hpp"

namespace ffi_cts {
namespace {

constexpr int look_every_ms = 6;
constexpr std::size_t output_kept = 4096;
constexpr double busy_factor = 6;  // of the backstop, while the processor is in use
constexpr double step_factor = 6;  // of the backstop, while callbacks come but no step of the program ends
constexpr int end_ms = 1000;       // for a process whose link has ended

}  // namespace

Worker::Worker(const WorkerSetup& setup) : setup_(setup), library_(std::filesystem::weakly_canonical(setup.library).filename()) {
  Spawned spawned = spawn_worker(setup_);
  pid_ = spawned.pid;
  process_ = spawned.process;
  link_ = std::make_unique<WorkerLink>(LinkEnd::parent, spawned.link, spawned.link);
  alarm_ = spawned.alarm;
  output_fd_ = spawned.output;
  report_fd_ = spawned.report;
  shared_ = spawned.shared;
  quiet_since_ns_ = now_ns();
  link_->send({"load"});
  await(true, loading_);
}

// The worker's next message. Throws LibraryError when it says that it cannot go on.
std::optional<List> Worker::next_message() {
  auto message = link_->next();
  const std::string* word = message && !message->empty() ? (*message)[0].text() : nullptr;
  if (word && *word == "facts" && message->size() > 1) {
    facts_ = loading_from((*message)[1]);
    return next_message();
  }
  if (!word || *word != "unusable") return message;
  std::string why = message->size() > 1 && (*message)[1].text() ? *(*message)[1].text() : "the worker gave up";
  stop();
  throw LibraryError(why);
}

Worker::~Worker() {
  stop();
  if (shared_) munmap(shared_, shared_size());
}

void Worker::stop() {
  if (pid_ > 0) {
    kill(-pid_, SIGKILL);  // with the processes that the library started; none of them is left behind
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  pid_ = -1;
  link_.reset();
  for (int* fd : {&process_, &alarm_, &output_fd_, &report_fd_}) {
    if (*fd >= 0) close(*fd);
    *fd = -1;
  }
}

void Worker::submit(std::uint64_t sequence, const Program& program, int settle_ms) {
  std::uint32_t slot = next_slot_;
  next_slot_ = (next_slot_ + 1) % slot_count;
  under_way_.push_back({sequence, slot, program.fresh_process});
  // The end of the link shows when the next result is waited for.
  link_->send({"run", Value(sequence), Value(std::uint64_t{slot}), Value(settle_ms), to_text(program)});
}

Finished Worker::next(bool stacks) {
  Finished finished;
  UnderWay first = under_way_.front();
  under_way_.pop_front();
  finished.sequence = first.sequence;
  Ending ending;
  auto message = await(stacks, ending);
  const std::uint64_t end = message && message->size() > 2 ? (*message)[2].uint().value_or(0) : 0;  // a Driver::End
  if (end != 0) {
    ending.kind = EndKind::hung;
    ending.certain = end == 1;
    ending.seconds = static_cast<double>(now_ns() - quiet_since_ns_) * 1e-9;
    if (stacks) ending.stacks = stacks_of(pid_, thread_names());
    stop();
  }
  if (lost()) {
    finished.worker_lost = true;
    under_way_.clear();
  }
  finished.log = take_log(first.slot);
  if (first.alone) {
    if (!lost()) end_of_process();
    finished.worker_ended = !finished.worker_lost;
    finished.log.loading = std::move(facts_);
  }
  finished.log.ending = std::move(ending);
  return finished;
}

// The program is over; the process unloads the library and ends.
void Worker::end_of_process() {
  Ending ending;
  await(false, ending);
  stop();
  if (!facts_ || !facts_->unloading) return;
  Unloading& seen = *facts_->unloading;
  seen.exited = ending.kind == EndKind::exited && ending.code == chosen_status;
  seen.ending = std::move(ending);
}

Log Worker::take_log(std::uint32_t slot) const {
  const Slot& s = shared_->slots[slot];
  Log log;
  log.watched_by = setup_.watched_by();
  log.library = library_;
  // A worker that died before it came to this program left the slot's earlier program there.
  if (shared_->current.load(std::memory_order_relaxed) != slot && lost()) return log;
  const Record* records = records_of(shared_, s);
  std::uint64_t count = std::min(s.next.load(std::memory_order_relaxed), record_capacity);
  log.records.assign(records, records + count);
  const std::uint8_t* arena = arena_of(shared_, s);
  log.arena.assign(arena, arena + std::min(s.arena_next.load(std::memory_order_relaxed), arena_capacity));
  return log;
}

std::uint64_t Worker::progress() const {
  std::uint64_t sum = shared_->phase.load(std::memory_order_relaxed);
  for (const Slot& slot : shared_->slots) sum += slot.next.load(std::memory_order_relaxed);
  return sum;
}

std::set<int> Worker::ignored_threads() const {
  std::set<int> ignored;
  std::uint32_t count = std::min<std::uint32_t>(shared_->baseline_count.load(std::memory_order_relaxed), 16);
  for (std::uint32_t i = 0; i < count; ++i) ignored.insert(shared_->baseline_tids[i]);
  return ignored;
}

void Worker::give_up_waits(bool certain) {
  const Slot& running = shared_->slots[shared_->current.load(std::memory_order_relaxed) % slot_count];
  shared_->given_up_at.store(running.next.load(std::memory_order_relaxed), std::memory_order_relaxed);
  shared_->give_up_certain.store(certain, std::memory_order_relaxed);
  shared_->give_up.fetch_add(1, std::memory_order_relaxed);
  shared_->epoch.fetch_add(1, std::memory_order_relaxed);
  syscall(SYS_futex, &shared_->epoch, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
  gave_up_ = certain ? GaveUp::for_certain : GaveUp::too_soon_to_tell;
  if (certain) quiet_since_ns_ = now_ns();
  watch_.reset();
}

void Worker::drain_output() {
  char buffer[65536];
  for (ssize_t n; (n = read(output_fd_, buffer, sizeof buffer)) > 0;) {
    printed_ = true;
    output_.append(buffer, static_cast<std::size_t>(n));
    if (output_.size() > 2 * output_kept) output_.erase(0, output_.size() - output_kept);
  }
}

bool Worker::poll_once(int timeout_ms) {
  pollfd fds[4] = {{link_->descriptor(), POLLIN, 0}, {alarm_, POLLIN, 0}, {output_fd_, POLLIN, 0}, {process_, POLLIN, 0}};
  if (poll(fds, 4, timeout_ms) < 0) return errno == EINTR;
  if (fds[2].revents) {
    drain_output();
    if (fds[2].revents & POLLHUP && !(fds[2].revents & POLLIN)) {  // both ends of the pipe closed by the library: nothing more to read
      close(output_fd_);
      output_fd_ = -1;
    }
  }
  if (fds[1].revents & POLLIN) alarmed_ = true;
  const bool linked = link_->look();  // a process that the library started may hold the link open when the worker is gone
  return linked && !fds[3].revents;
}

std::optional<List> Worker::await(bool stacks, Ending& ending) {
  watch_.reset();
  quiet_since_ns_ = looked_ns_ = step_since_ns_ = now_ns();
  gave_up_ = GaveUp::no;
  while (true) {
    if (auto message = next_message()) return message;
    std::uint64_t before = progress();
    bool alive = poll_once(look_every_ms);
    if (auto message = next_message()) return message;
    if (alarmed_) {
      ending = crash(stacks);
      return std::nullopt;
    }
    if (!alive) {
      ending = reap();
      return std::nullopt;
    }
    if (std::exchange(printed_, false)) watch_.reset();  // it lives, but need not go on
    const bool moved = progress() != before || progress() != last_progress_;
    if (moved) {
      last_progress_ = progress();
      quiet_since_ns_ = now_ns();
      gave_up_ = GaveUp::no;
      watch_.reset();
    }
    if (now_ns() - looked_ns_ < look_every_ms * 900'000ull) continue;
    looked_ns_ = now_ns();
    if (auto hung = moved ? overdue() : quiet()) {
      ending = *hung;
      if (stacks) ending.stacks = stacks_of(pid_, thread_names());
      stop();
      return std::nullopt;
    }
  }
}

// A library that calls back now and then moves for ever. Of that no wait is given up for certain.
std::optional<Ending> Worker::overdue() {
  const std::uint64_t steps = shared_->steps.load(std::memory_order_relaxed);
  if (std::exchange(last_steps_, steps) != steps) step_since_ns_ = now_ns();
  const double seconds = static_cast<double>(now_ns() - step_since_ns_) * 1e-9, limit = step_factor * setup_.backstop_s;
  if (seconds < limit) return std::nullopt;
  if (shared_->waiting.load(std::memory_order_relaxed) > 0) give_up_waits(false);
  if (seconds < 2 * limit) return std::nullopt;
  Ending ending;
  ending.kind = EndKind::hung;
  ending.certain = false;
  ending.seconds = seconds;
  return ending;
}

// First the driver's own waits and parks are given up, and the program goes on. What then does not move is a call.
std::optional<Ending> Worker::quiet() {
  double seconds = static_cast<double>(now_ns() - quiet_since_ns_) * 1e-9;
  bool still = watch_.look(pid_, ignored_threads());
  bool over = seconds > setup_.backstop_s * (watch_.busy() ? busy_factor : 1);
  bool waiting = shared_->waiting.load(std::memory_order_relaxed) > 0;
  if (waiting && (still || over) && gave_up_ != GaveUp::for_certain) {
    give_up_waits(true);
    return std::nullopt;
  }
  if (waiting && seconds > setup_.give_up_s && gave_up_ == GaveUp::no) {
    give_up_waits(false);
    return std::nullopt;
  }
  if (!still && !over) return std::nullopt;
  Ending ending;
  ending.kind = EndKind::hung;
  ending.certain = still;
  ending.seconds = seconds;
  return ending;
}

std::map<int, std::string> Worker::thread_names() const {
  std::map<int, std::string> names;
  for (int i = 0; i < max_threads; ++i) names[shared_->host_tids[i]] = std::string(1, static_cast<char>('A' + i));
  return names;
}

Ending Worker::crash(bool stacks) {
  Ending ending;
  ending.kind = EndKind::crashed;
  ending.signal = shared_->crash_signal;
  ending.fault_address = shared_->crash_address;
  ending.fault_write = shared_->crash_write != 0;
  ending.thread = shared_->crash_thread;
  ending.uncaught = shared_->uncaught;
  drain_output();
  note_report(ending);
  if (stacks && !ending.report) ending.stacks = stacks_of(pid_, thread_names(), shared_->crash_tid);
  stop();
  return ending;
}

// A sanitizer that found something wrote it down before it ended the process.
void Worker::note_report(Ending& ending) const {
  constexpr std::size_t enough = 256 * 1024;
  std::string text(enough, '\0');
  const ssize_t size = pread(report_fd_, text.data(), text.size(), 0);
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  ending.report = parse_report(text);
  if (ending.report) ending.kind = EndKind::reported;
}

Ending Worker::reap() {
  Ending ending;
  int status = 0;
  drain_output();
  pollfd process = {process_, POLLIN, 0};
  const bool cut_off = poll(&process, 1, end_ms) == 0;  // the library has closed what is not its own
  kill(-pid_, SIGKILL);  // what it started, and itself if it lives
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  note_report(ending);
  stop();
  if (ending.report) return ending;
  if (cut_off || (WIFEXITED(status) && WEXITSTATUS(status) == lost_link_status)) {
    ending.kind = EndKind::exited;
    ending.code = closed_its_host;
  } else if (WIFSIGNALED(status)) {
    ending.kind = EndKind::crashed;
    ending.signal = WTERMSIG(status);
  } else {
    ending.kind = EndKind::exited;
    ending.code = WEXITSTATUS(status);
  }
  return ending;
}

}  // namespace ffi_cts
