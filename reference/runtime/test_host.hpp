// A host for tests: records callbacks, waits for conditions (never for time), and makes the probe's requests.
#pragma once

#include "reference/cbor/cbor.hpp"
#include "reference/libraries/probe/probe.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace ffi_cts::testing {

constexpr std::chrono::seconds backstop{60};

// A door that threads wait at until it is opened.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, backstop, [this] { return open_; })) throw std::runtime_error("the gate stayed closed");
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

struct Heard {
  int ret;
  std::string text;
  std::thread::id thread;
};

// What came back for one userData. `then` runs inside the callback.
class Recorder {
 public:
  explicit Recorder(std::function<void(const Heard&)> then = {}) : then_(std::move(then)) {}

  static void callback(int ret, const char* msg, std::size_t len, void* user_data) {
    ASSERT_NE(msg, nullptr);
    static_cast<Recorder*>(user_data)->hear({ret, std::string(msg, len), std::this_thread::get_id()});
  }

  std::vector<Heard> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, backstop, [&] { return heard_.size() >= count; })) {
      throw std::runtime_error("too few callbacks: " + std::to_string(heard_.size()));
    }
    return heard_;
  }
  Heard wait() { return wait_for(1).front(); }
  std::vector<Heard> heard() {
    const std::lock_guard lock(mutex_);
    return heard_;
  }
  std::size_t count() { return heard().size(); }

 private:
  void hear(Heard what) {
    if (then_) then_(what);
    const std::lock_guard lock(mutex_);
    heard_.push_back(std::move(what));
    changed_.notify_all();
  }

  std::function<void(const Heard&)> then_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Heard> heard_;
};

struct Value;
using Fields = std::vector<std::pair<std::string, Value>>;
struct Value {
  std::variant<std::uint64_t, std::string, Fields> it;
  Value(const char* text) : it(std::string(text)) {}
  Value(std::string text) : it(std::move(text)) {}
  Value(int number) : it(static_cast<std::uint64_t>(number)) {}
  Value(Fields fields) : it(std::move(fields)) {}
};

inline void write(cbor::Writer& writer, const Value& value) {
  if (const auto* number = std::get_if<std::uint64_t>(&value.it)) return writer.unsigned_integer(*number);
  if (const auto* text = std::get_if<std::string>(&value.it)) return writer.text(*text);
  const auto& fields = std::get<Fields>(value.it);
  writer.map(fields.size());
  for (const auto& [key, inner] : fields) {
    writer.text(key);
    write(writer, inner);
  }
}

inline std::string cbor_of(const Value& value) {
  cbor::Writer writer;
  write(writer, value);
  const auto written = writer.take();
  return {reinterpret_cast<const char*>(written.memory.get()), written.size};
}
inline std::string map(std::initializer_list<Fields::value_type> fields) { return cbor_of(Value(Fields(fields))); }

inline std::string echo(std::string text, int ms = 0) {
  return map({{"req", Fields{{"text", std::move(text)}, {"delayMs", ms}}}});
}
inline std::string echoed(std::string text, std::string name = "probe") {
  return map({{"echoed", std::move(text)}, {"name", std::move(name)}});
}
inline std::string emit(std::string text, int count, std::string event = "tick") {
  return map({{"req", Fields{{"text", std::move(text)}, {"count", count}, {"event", std::move(event)}}}});
}
inline std::string event(std::string name, std::string text, int index) {
  return map({{"eventType", std::move(name)}, {"payload", Fields{{"text", std::move(text)}, {"index", index}}}});
}

inline const std::uint8_t* bytes(const std::string& text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }

using Proc = int (*)(void*, FFICallBack, void*, const std::uint8_t*, std::size_t) noexcept;

inline void* create(Recorder& constructed, Fields config = {{"name", "probe"}}) {
  const std::string request = map({{"config", std::move(config)}});
  return probe::create_cbor(bytes(request), request.size(), Recorder::callback, &constructed);
}

// One context, constructed at birth and destroyed at the end of the test.
class TestContext {
 public:
  explicit TestContext(std::string name = "probe") : handle(create(constructed, {{"name", std::move(name)}})) {
    EXPECT_NE(handle, nullptr);
    EXPECT_EQ(constructed.wait().ret, RET_OK);
  }
  ~TestContext() {
    if (handle == nullptr) return;
    EXPECT_EQ(destroy(), RET_OK);
  }
  TestContext(const TestContext&) = delete;
  TestContext& operator=(const TestContext&) = delete;

  int submit(Proc proc, const std::string& request, Recorder& to) const {
    return proc(handle, Recorder::callback, &to, bytes(request), request.size());
  }
  Heard ask(Proc proc, const std::string& request) const {
    Recorder reply;
    EXPECT_EQ(submit(proc, request, reply), RET_OK);
    return reply.wait();
  }
  std::uint64_t listen(const char* name, Recorder& to) const {
    return probe::add_event_listener(handle, name, Recorder::callback, &to);
  }
  int remove(std::uint64_t id) const { return probe::remove_event_listener(handle, id); }
  int destroy() { return probe::destroy(std::exchange(handle, nullptr)); }

  Recorder constructed;
  void* handle;
};

}  // namespace ffi_cts::testing
