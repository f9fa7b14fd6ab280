#include "harness/peer/stillness.hpp"

#include <algorithm>

namespace ffi_cts::peer {

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
  std::map<int, Look> now;
  // The judge's own child, too: its parent may wait for its end.
  std::vector<int> all = process_.family();
  if (process_.stub_pid > 0) all.push_back(process_.stub_pid);
  for (const int pid : all)
    if (Look look = look_at(pid); !look.cpu_ns.empty()) now[pid] = std::move(look);
  const bool asleep = std::all_of(now.begin(), now.end(), [](auto& one) { return one.second.asleep; });
  const bool untimed = std::all_of(now.begin(), now.end(), [](auto& one) { return one.second.untimed; });
  alike_ = asleep && now == last_ ? alike_ + 1 : 0;
  if (alike_ == 0) alike_since_ = Clock::now();
  last_ = std::move(now);
  return alike_ >= 2 && untimed && Clock::now() - alike_since_ > span;
}

}  // namespace ffi_cts::peer
