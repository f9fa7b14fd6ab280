#include "harness/report/ending.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <string.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "harness/report/events.hpp"
#include "harness/report/layout.hpp"

namespace ffi_cts {
namespace {

constexpr std::size_t most_threads_shown = 6, most_frames_shown = 6;

std::string signal_name(int signal) {
  const char* name = sigabbrev_np(signal);
  return name ? fmt::format("SIG{}", name) : fmt::format("signal {}", signal);
}

std::string in_words(const Frame& frame) {
  if (frame.function.empty()) return frame.module.empty() ? "?" : frame.module;
  return fmt::format("{}!{}+{:#x}", frame.module.empty() ? "?" : frame.module, frame.function, frame.offset);
}

// The first frame inside the library, or the end.
auto library_frame(const Stack& stack, std::string_view library) {
  std::string file = std::filesystem::path(library).filename();
  return std::find_if(stack.frames.begin(), stack.frames.end(),
                      [&](const Frame& frame) { return frame.module == file; });
}

bool in_library(const Stack& stack, std::string_view library) {
  return library_frame(stack, library) != stack.frames.end();
}

// "pthread_mutex_lock, called from libfoo.so!foo_remove_event_listener+0x41"
std::string place(const Stack& stack, std::string_view library) {
  const Frame& inner = stack.frames.front();
  auto own = library_frame(stack, library);
  if (own == stack.frames.begin() || own == stack.frames.end()) return in_words(inner);
  return fmt::format("{}, called from {}", inner.function.empty() ? in_words(inner) : inner.function, in_words(*own));
}

// The innermost call of each thread.
std::vector<const Call*> innermost(const Trace& trace) {
  std::map<std::uint32_t, const Call*> last;
  for (const Call* call : trace.running_calls()) last[call->thread] = call;
  std::vector<const Call*> out;
  for (const auto& [thread, call] : last) out.push_back(call);
  return out;
}

std::string running(const Trace& trace, const Call& call) {
  std::string where = call.step ? fmt::format("step {}", call.step) : "the teardown";
  return fmt::format("{} ({}, on {})", ffi_cts::in_words(call), where, thread_name(trace, call.thread));
}

std::string running_calls(const Trace& trace) {
  std::vector<std::string> words;
  for (const Call* call : innermost(trace)) words.push_back(running(trace, *call));
  return words.empty() ? "no call was running" : "during " + joined(words, " and ");
}

std::vector<std::string> crash_lines(const Trace& trace, std::string_view library) {
  const Ending& ending = trace.ending;
  bool addressed = ending.fault_address || ending.signal == SIGSEGV || ending.signal == SIGBUS;
  std::string what = signal_name(ending.signal);
  if (addressed && ending.signal != SIGABRT) what += fmt::format(" at address {:#x}{}", ending.fault_address, ending.fault_write ? ", written to" : "");
  std::vector<std::string> out{fmt::format("{}; {}", what, running_calls(trace))};
  for (const Stack& stack : ending.stacks)
    if (!stack.frames.empty()) out.push_back(fmt::format("{} was in {}", stack.thread, place(stack, library)));
  return out;
}

std::vector<std::string> hang_lines(const Trace& trace, std::string_view library) {
  const Ending& ending = trace.ending;
  std::string why = ending.certain
                        ? std::string("every thread slept and nothing timed was pending")
                        : fmt::format("nothing moved for {:.1f} s (the backstop)", ending.seconds);
  std::vector<std::string> out;
  for (const Call* call : innermost(trace)) out.push_back(running(trace, *call) + " did not return");
  if (out.empty()) out.push_back("no call was running");
  out.back() += "; " + why;
  for (const Stack& stack : ending.stacks)
    if (in_library(stack, library)) out.push_back(fmt::format("{} waits in {}", stack.thread, place(stack, library)));
  return out;
}

std::string in_words(const SanitizerReport::Frame& frame) {
  if (frame.function.empty()) return frame.module.empty() ? "?" : frame.module;
  return frame.function + (frame.place.empty() ? " in " + frame.module : " " + frame.place);
}

// The kind, then each access with the frames that led there: those of the sanitizer and of the host around them tell nothing.
std::vector<std::string> report_lines(const Trace& trace, std::string_view library) {
  const SanitizerReport& report = *trace.ending.report;
  const std::string file = std::filesystem::path(library).filename();
  std::vector<std::string> out{fmt::format("{}: {}; {}", report.tool, report.kind, running_calls(trace))};
  for (const SanitizerReport::Part& part : report.parts) {
    std::vector<std::string> frames;
    const bool own = std::ranges::any_of(part.frames, [&](const auto& frame) { return frame.module == file; });
    if (!own && part.title.starts_with("Thread ")) continue;  // where the host made its threads
    for (const auto& frame : part.frames)
      if ((!own || frame.module == file) && frames.size() < most_frames_shown) frames.push_back(in_words(frame));
    out.push_back(part.title + (frames.empty() ? "" : ": " + joined(frames, " < ")));
  }
  return out;
}

std::string stack_line(const Stack& stack, std::string_view library) {
  std::vector<std::string> frames;
  for (const Frame& frame : stack.frames)
    if (frames.size() < most_frames_shown) frames.push_back(in_words(frame));
  // What the library did matters more than the last of the frames above it.
  auto own = library_frame(stack, library);
  if (own != stack.frames.end() && own - stack.frames.begin() >= static_cast<std::ptrdiff_t>(most_frames_shown))
    frames.back() = "… < " + in_words(*own);
  return fmt::format("{}: {}", stack.thread, frames.empty() ? "did not answer" : joined(frames, " < "));
}

}  // namespace

std::string_view ending_label(const Ending& ending) {
  if (ending.kind == EndKind::reported) return "report";
  return ending.kind == EndKind::crashed ? "crash" : ending.kind == EndKind::hung ? "hang" : "exit";
}

std::vector<std::string> ending_lines(const Trace& trace, std::string_view library) {
  switch (trace.ending.kind) {
    case EndKind::completed:
      break;
    case EndKind::crashed:
      return crash_lines(trace, library);
    case EndKind::hung:
      return hang_lines(trace, library);
    case EndKind::reported:
      return report_lines(trace, library);
    case EndKind::exited:
      if (trace.ending.code == closed_its_host) return {"the library closed descriptors that were its host's; " + running_calls(trace)};
      return {fmt::format("exit({}); {}", trace.ending.code, running_calls(trace))};
  }
  return {};
}

std::vector<std::string> stack_lines(const Ending& ending, std::string_view library) {
  std::vector<Stack> stacks = ending.stacks;
  std::stable_partition(stacks.begin(), stacks.end(), [&](const Stack& stack) { return in_library(stack, library); });
  std::vector<std::string> out;
  for (const Stack& stack : stacks) {
    if (out.size() == most_threads_shown) {
      out.push_back(fmt::format("… and {}", counted(stacks.size() - most_threads_shown, "more thread")));
      break;
    }
    out.push_back(stack_line(stack, library));
  }
  return out;
}

}  // namespace ffi_cts
