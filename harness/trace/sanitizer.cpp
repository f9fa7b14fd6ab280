#include "harness/trace/sanitizer.hpp"

#include <algorithm>
#include <charconv>

namespace ffi_cts {
namespace {

constexpr std::size_t most_parts = 4, most_frames = 12;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r' || text.back() == ':')) text.remove_suffix(1);
  return text;
}

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// "…/src/foo.c:17:3" as "src/foo.c:17:3": enough to find it.
std::string short_place(std::string_view place) {
  if (place.find("null") != std::string_view::npos || place.starts_with("??")) return {};
  std::size_t slash = place.rfind('/');
  if (slash != std::string_view::npos && slash > 0) slash = place.rfind('/', slash - 1);
  return std::string(slash == std::string_view::npos ? place : place.substr(slash + 1));
}

// "#0 foo_echo_cbor /src/foo.c:17:3 (/lib/libfoo.so+0x123)", in frame_format.
std::optional<SanitizerReport::Frame> frame_of(std::string_view line) {
  if (!line.starts_with('#')) return std::nullopt;
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  line.remove_prefix(blank + 1);
  SanitizerReport::Frame frame;
  if (const std::size_t open = line.rfind(" ("); open != std::string_view::npos) {
    std::string_view module = line.substr(open + 2);
    frame.module = base_name(module.substr(0, module.rfind('+')));
    line = line.substr(0, open);
  }
  const std::size_t end = line.rfind(' ');  // a function's name may hold blanks, a place does not
  frame.function = trimmed(line.substr(0, end));
  if (frame.function.find("null") != std::string::npos) frame.function.clear();
  if (end != std::string_view::npos) frame.place = short_place(line.substr(end + 1));
  return frame;
}

// The first number in hexadecimal that follows one of these words.
std::uint64_t address_in(std::string_view line) {
  for (std::string_view word : {"address 0x", " at 0x", " of 0x"}) {
    const std::size_t at = line.find(word);
    if (at == std::string_view::npos) continue;
    std::uint64_t address = 0;
    const char* from = line.data() + at + word.size();
    if (std::from_chars(from, line.data() + line.size(), address, 16).ec == std::errc{}) return address;
  }
  return 0;
}

// Without what differs from run to run: "Write of size 4 at 0x7b… by thread T2" says no more than without the address.
std::string without_numbers(std::string_view title) {
  std::string out;
  for (std::size_t at = 0; at < title.size();) {
    std::size_t end = std::min(title.find(' ', at), title.size());
    const std::string_view word = title.substr(at, end - at);
    if (word.starts_with("0x")) {
      if (out.ends_with(" at")) out.erase(out.size() - 3);
    } else {
      out += (out.empty() ? "" : " ") + std::string(word);
    }
    at = end + 1;
  }
  // "… by thread T2 (mutexes: …)" and the like
  return out.substr(0, out.find(" ("));
}

// What the line says when it begins a report.
std::optional<SanitizerReport> beginning(std::string_view line) {
  SanitizerReport report;
  constexpr std::string_view race = "WARNING: ThreadSanitizer: ", error = "ERROR: AddressSanitizer: ", undefined = ": runtime error: ";
  if (const std::size_t at = line.find(race); at != std::string_view::npos) {
    report.tool = "ThreadSanitizer";
    std::string_view kind = line.substr(at + race.size());
    report.kind = trimmed(kind.substr(0, kind.find(" (pid")));
  } else if (const std::size_t found = line.find(error); found != std::string_view::npos) {
    report.tool = "AddressSanitizer";
    std::string_view kind = line.substr(found + error.size());
    // "heap-use-after-free on address 0x…", "attempting double-free on 0x… in thread T1", "SEGV on unknown address"
    if (kind.starts_with("attempting ")) kind.remove_prefix(std::string_view("attempting ").size());
    report.kind = trimmed(kind.substr(0, kind.find(" on ")));
    if (const std::size_t colon = report.kind.find(": "); colon != std::string::npos) report.kind.erase(colon);
    report.address = address_in(line);
  } else if (const std::size_t where = line.find(undefined); where != std::string_view::npos) {
    report.tool = "UndefinedBehaviorSanitizer";
    report.kind = without_numbers(trimmed(line.substr(where + undefined.size())));
    report.address = address_in(line);
    report.parts.push_back({"it happened at " + short_place(trimmed(line.substr(0, where))), {}});
  } else {
    return std::nullopt;
  }
  return report;
}

class Reader {
 public:
  // False: the report is over.
  bool line(std::string_view text) {
    if (!report_) {
      report_ = beginning(text);
      return true;
    }
    const std::string_view words = trimmed(text);
    if (words.starts_with("SUMMARY: ") || beginning(text)) return false;
    if (auto frame = frame_of(words)) {
      add(std::move(*frame));
    } else if (!words.empty() && words.find_first_not_of('=') != std::string_view::npos) {
      title(words);
    }
    return true;
  }
  std::optional<SanitizerReport> take() {
    if (report_) std::erase_if(report_->parts, [](const auto& part) { return part.frames.empty() && part.title.find(" at ") == std::string::npos; });
    return std::move(report_);
  }

 private:
  void title(std::string_view words) {
    if (words.starts_with("==")) return;  // "==7==WARNING: Failed to use and restart external symbolizer!"
    if (report_->address == 0) report_->address = address_in(words);
    if (report_->tool == "UndefinedBehaviorSanitizer") return;  // it shows the bytes, and has one stack
    // A fact that stands alone ("… is located 0 bytes inside of 8-byte region") is followed by another title.
    if (!report_->parts.empty() && report_->parts.back().frames.empty()) report_->parts.pop_back();
    full_ = report_->parts.size() >= most_parts;
    if (!full_) report_->parts.push_back({without_numbers(words), {}});
  }
  void add(SanitizerReport::Frame frame) {
    if (full_) return;
    if (report_->parts.empty()) report_->parts.push_back({"it happened at", {}});
    auto& frames = report_->parts.back().frames;
    if (frames.size() < most_frames) frames.push_back(std::move(frame));
  }

  std::optional<SanitizerReport> report_;
  bool full_ = false;
};

}  // namespace

std::string_view worker_word(Sanitizer sanitizer) {
  return sanitizer == Sanitizer::address ? "asan" : sanitizer == Sanitizer::thread ? "tsan" : "plain";
}

std::optional<Sanitizer> sanitizer_of_word(std::string_view word) {
  for (Sanitizer sanitizer : {Sanitizer::none, Sanitizer::address, Sanitizer::thread})
    if (worker_word(sanitizer) == word) return sanitizer;
  return std::nullopt;
}

bool SanitizerReport::names(std::string_view module) const {
  return std::ranges::any_of(parts, [&](const Part& part) {
    return std::ranges::any_of(part.frames, [&](const Frame& frame) { return frame.module == module; });
  });
}

std::optional<SanitizerReport> parse_report(std::string_view text) {
  Reader reader;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    std::string_view line = text.substr(0, end + 1);
    text.remove_prefix(line.size());
    if (line.ends_with('\n')) line.remove_suffix(1);
    if (!reader.line(line)) break;
  }
  return reader.take();
}

}  // namespace ffi_cts
