#include "harness/peer/stillness.hpp"

#include <algorithm>
#include <fstream>
#include <string>

#include "harness/peer/streams.hpp"

namespace ffi_cts::peer {
namespace {

// Its first thread, at least: others may go on without it.
bool is_zombie(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text);  // of a process that just went: nothing
  const std::size_t end = text.rfind(')');
  return end == std::string::npos || text.compare(end, 3, ") Z") == 0;
}

}  // namespace

void Stillness::reset(double most_s) {
  alike_ = 0;
  last_.clear();
  since_ = Clock::now();
  limit_ = std::min(backstop_, std::chrono::duration<double>(most_s));
}

bool Stillness::still(bool moved) {
  if (moved) {
    alike_ = 0;
    last_.clear();
  } else if (asleep()) {
    return true;
  }
  if (Clock::now() - since_ <= limit_) return false;
  if (limit_ == backstop_) ++ran_out_;
  return true;
}

bool Stillness::asleep() {
  constexpr auto span =
      std::chrono::milliseconds(200);  // of looks; a wait for another process's turn may look like one
  std::map<int, Sample> now;
  // The judge's own child, too: its parent may wait for its end.
  std::vector<int> all = process_.family();
  if (process_.stub_pid > 0) all.push_back(process_.stub_pid);
  for (const int pid : all) {
    const bool first_is_gone = is_zombie(pid);
    if (first_is_gone && tasks_of(pid).size() <= 1) continue;
    now[pid] = sample(pid, first_is_gone ? std::set<int>{pid} : std::set<int>{});
  }
  const auto& samples = now;
  const bool asleep = std::all_of(samples.begin(), samples.end(), [](auto& s) { return s.second.asleep; });
  const bool timed = std::any_of(samples.begin(), samples.end(), [](auto& s) { return s.second.timed; });
  alike_ = asleep && now == last_ ? alike_ + 1 : 0;
  if (alike_ == 0) alike_since_ = Clock::now();
  last_ = std::move(now);
  return alike_ >= 2 && !timed && Clock::now() - alike_since_ > span;
}

}  // namespace ffi_cts::peer
