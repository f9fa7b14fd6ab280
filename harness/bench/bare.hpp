// What the floors are made of: bytes that cross threads, and a loop.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "harness/bench/host.hpp"

namespace ffi_cts::bench::floors {

// --- bare
using Executor = asio::io_context::executor_type;
template <class T>
using Task = asio::awaitable<T, Executor>;

// Bytes in memory of malloc's, as what crosses threads has to be.
class Copy {
 public:
  Copy() = default;
  Copy(const char* data, std::size_t size) : data_(static_cast<char*>(std::malloc(size))), size_(size) {
    if (!data_) throw std::bad_alloc();
    std::memcpy(data_.get(), data, size);
  }
  explicit Copy(const std::string& text) : Copy(text.data(), text.size()) {}
  const char* data() const { return data_.get(); }
  std::size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(char* data) const { std::free(data); }
  };
  std::unique_ptr<char, Free> data_;
  std::size_t size_ = 0;
};

// An io_context and the one thread that runs it.
struct Loop {
  ~Loop() {
    io.stop();
    thread.join();
  }
  asio::io_context io{1};
  asio::executor_work_guard<Executor> work = asio::make_work_guard(io);
  std::thread thread{[this] { io.run(); }};
};

// A handler: replies with what it was sent.
inline Task<void> handle(Copy request, Line* line) {
  Copy reply(request.data(), request.size());
  on_answer(RET_OK, reply.data(), reply.size(), line);
  co_return;
}

// ---
inline const GiveUp never = [](std::string_view) { std::abort(); };

}  // namespace ffi_cts::bench::floors
