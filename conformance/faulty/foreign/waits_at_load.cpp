// Foreign: starts a thread while it is loaded, and waits until that runs. It should not (LOAD-5), but works.
#include <future>
#include <thread>

#include "conformance/faulty/wrap.hpp"

namespace {

struct Pool {
  std::promise<void> ready, end;
  std::thread thread{[this] {
    ready.set_value();
    end.get_future().wait();
  }};
  Pool() { ready.get_future().wait(); }
  ~Pool() {
    end.set_value();
    thread.join();
  }
};
Pool pool;

}  // namespace
