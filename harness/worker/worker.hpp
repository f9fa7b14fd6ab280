// A worker process, seen from the parent: programs go in, logs come out, whatever the library does to the process.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "harness/driver/library.hpp"
#include "harness/program/program.hpp"
#include "harness/trace/index.hpp"
#include "harness/trace/shared.hpp"
#include "harness/worker/link.hpp"
#include "harness/worker/watch.hpp"

namespace ffi_cts {

struct WorkerSetup {
  std::string program;         // path of ffi-cts-worker
  std::string library, interface_file;
  Sanitizer sanitizer = Sanitizer::none;  // what the worker is built with …
  bool instrumented = false;              // … and the library, too
  double backstop_s = 10;      // no progress for so long, the processor idle: hung. Six times that when it is busy
  double give_up_s = 1;        // waits are given up after so long without progress where stillness cannot be certain

  // The sanitizer that sees what the library does. An access by one that is not built with ThreadSanitizer goes unseen.
  Sanitizer watched_by() const { return sanitizer == Sanitizer::thread && !instrumented ? Sanitizer::none : sanitizer; }
};

// The program's run, or what became of the worker instead. A program with a process of its own takes the worker with it, in
// good order: `log.loading` says how.
struct Finished {
  std::uint64_t sequence = 0;
  Log log;                     // log.ending says how it ended
  bool worker_lost = false;    // the worker is gone: what was submitted after this one never began
  bool worker_ended = false;   // as it should: the program had the process for itself
};

class Worker {
 public:
  // Spawns the process and loads the library. Throws LibraryError when the library or interface is unusable. When loading
  // crashes or hangs, `lost()` is true from the start and `loading()` says how.
  explicit Worker(const WorkerSetup& setup);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  bool lost() const { return pid_ < 0; }
  const Ending& loading() const { return loading_; }

  bool room() const { return under_way_.size() < slot_count; }
  std::size_t under_way() const { return under_way_.size(); }
  // Not after lost(). At most slot_count programs are under way at once. `settle_ms` as Driver::run has it. A program with a process of its
  // own must be the first and the last of its worker.
  void submit(std::uint64_t sequence, const Program& program, int settle_ms);
  // Waits for the program submitted first to end. `stacks`: take the stacks if it crashes or hangs (costs some 20 ms).
  Finished next(bool stacks);

  // The last bytes that the library wrote to standard output and error.
  const std::string& output() const { return output_; }

 private:
  struct UnderWay {
    std::uint64_t sequence;
    std::uint32_t slot;
    bool alone;  // in a process of its own
  };
  void spawn();
  std::optional<List> next_message();
  // Waits for a message, a crash, the end or a hang. The message, or nothing and `ending`.
  std::optional<List> await(bool stacks, Ending& ending);
  bool poll_once(int timeout_ms);   // false: the process or the link has ended
  void drain_output();
  std::uint64_t progress() const;
  std::set<int> ignored_threads() const;
  void give_up_waits(bool certain);
  std::optional<Ending> quiet();    // nothing came for a while: is it hung?
  std::optional<Ending> overdue();  // things happen, but the program does not go on
  Ending crash(bool stacks);
  Ending reap();
  void note_report(Ending& ending) const;
  void stop();
  std::map<int, std::string> thread_names() const;
  Log take_log(std::uint32_t slot) const;
  void end_of_process();

  WorkerSetup setup_;
  std::string library_;  // its file's name
  int pid_ = -1, process_ = -1, alarm_ = -1, output_fd_ = -1, report_fd_ = -1;
  Shared* shared_ = nullptr;
  std::unique_ptr<WorkerLink> link_;
  std::deque<UnderWay> under_way_;
  std::uint32_t next_slot_ = 0;
  std::string output_;
  Ending loading_;
  std::optional<Loading> facts_;    // of a process that is one program's own
  Watch watch_;
  std::uint64_t last_progress_ = 0, quiet_since_ns_ = 0;
  std::uint64_t last_steps_ = 0, step_since_ns_ = 0;
  enum class GaveUp { no, too_soon_to_tell, for_certain } gave_up_ = GaveUp::no;  // since the last progress
  std::uint64_t looked_ns_ = 0;
  bool alarmed_ = false, printed_ = false;
};

}  // namespace ffi_cts
