#include "harness/peer/stillness.hpp"

#include <algorithm>

namespace ffi_cts::peer {

void Stillness::reset() {
  alike_ = 0;
  last_.clear();
  since_ = Clock::now();
}

bool Stillness::still() {
  constexpr auto timed_span = std::chrono::seconds(1);
  std::map<int, Sample> now;
  for (const int pid : process_.family()) now[pid] = sample(pid, {});
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
