#include "harness/peer/stillness.hpp"

#include <algorithm>
#include <fstream>
#include <string>

namespace ffi_cts::peer {
namespace {

bool is_zombie(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text);  // of a process that just went: nothing
  const std::size_t end = text.rfind(')');
  return end == std::string::npos || text.compare(end, 3, ") Z") == 0;
}

}  // namespace

void Stillness::reset() {
  alike_ = 0;
  last_.clear();
  since_ = Clock::now();
}

bool Stillness::still() {
  constexpr auto timed_span = std::chrono::seconds(2);  // a peer may take its time before it ends a stubborn child
  std::map<int, Sample> now;
  // The judge's own child, too: its parent may wait for its end.
  std::vector<int> all = process_.family();
  if (process_.stub_pid > 0) all.push_back(process_.stub_pid);
  for (const int pid : all)
    if (!is_zombie(pid)) now[pid] = sample(pid, {});
  const auto& samples = now;
  const bool asleep = std::all_of(samples.begin(), samples.end(), [](auto& s) { return s.second.asleep; });
  const bool timed = std::any_of(samples.begin(), samples.end(), [](auto& s) { return s.second.timed; });
  alike_ = asleep && now == last_ ? alike_ + 1 : 0;
  if (alike_ == 0) alike_since_ = Clock::now();
  last_ = std::move(now);
  if (alike_ >= 2 && (!timed || Clock::now() - alike_since_ > timed_span)) return true;
  return Clock::now() - since_ > backstop_;
}

}  // namespace ffi_cts::peer
