// PAY-10: until an echo starts, 20 ms later, its request lies in storage of the thread that submitted it, which is
// wiped when that thread ends. (It stays allocated: the defect is a lost request, not a crash.)
#define PROBE_NO_ECHO
#include <vector>

#include "conformance/faulty/contexts.hpp"

namespace {
struct Lent {
  std::mutex mutex;
  faulty::Kept kept;
  explicit Lent(const faulty::Submission& submission) : kept(submission) {}
};

struct Storage {
  std::vector<std::weak_ptr<Lent>> requests;  // those not yet started, and some that are over

  ~Storage() {
    for (const auto& request : requests) {
      if (const auto lent = request.lock()) {
        const std::lock_guard lock(lent->mutex);
        lent->kept.bytes.assign(lent->kept.bytes.size(), '\0');
      }
    }
  }
  void keep(const std::shared_ptr<Lent>& lent) {
    std::erase_if(requests, [](const auto& request) { return request.expired(); });
    requests.push_back(lent);
  }
};
thread_local Storage storage;

int submit(const faulty::Submission& submission) {
  if (submission.hopeless()) return submission.forward();
  const auto lent = std::make_shared<Lent>(submission);
  storage.keep(lent);
  const auto start = [lent] {
    std::unique_lock lock(lent->mutex);
    const faulty::Kept kept = lent->kept;
    lock.unlock();
    kept.submission().forward();
  };
  return faulty::later(submission.ctx, start, 20) ? RET_OK : submission.forward();
}

faulty::Contexts<faulty::Life> contexts;
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_PROC(echo, submit)
