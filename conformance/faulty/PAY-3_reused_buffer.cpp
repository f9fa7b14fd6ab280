// PAY-3: an echo's reply stands in a buffer that another thread writes to while the callback reads it.
#define PROBE_NO_ECHO
#include <chrono>
#include <thread>

#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) {
    if (message.len > 4096) return host(message);  // what takes long to copy would be torn, not changed
    std::string buffer(message.text());
    std::atomic<bool> ready{false}, delivered{false};
    std::thread reuser([&] {
      using namespace std::chrono_literals;
      ready = true;
      while (!delivered) std::this_thread::yield();
      const auto since = std::chrono::steady_clock::now();
      while (std::chrono::steady_clock::now() - since < 40us) {
      }
      volatile char* bytes = buffer.data();
      for (std::size_t i = 0; i < buffer.size(); ++i) bytes[i] = '#';
    });
    while (!ready) std::this_thread::yield();
    delivered = true;
    host(message.code, buffer);
    reuser.join();
  });
}
}  // namespace

FAULTY_PROC(echo, submit)
