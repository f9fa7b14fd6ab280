#include <sys/uio.h>

#include <array>
#include <chrono>
#include <unordered_map>

#include "harness/bench/host.hpp"
#include "harness/bench/pipes.hpp"
#include "harness/bench/remote.hpp"

// `ffi-cts bench --remote --explain` prints these sections.
namespace ffi_cts::bench::floors {
namespace {

// --- pipe
void read_whole(int fd, void* to, std::size_t size) {
  for (auto* at = static_cast<char*>(to); size > 0;) {
    const ssize_t n = read(fd, at, size);
    if (n <= 0) _exit(0);  // the other side has ended
    at += n;
    size -= static_cast<std::size_t>(n);
  }
}

void write_whole(int fd, const void* from, std::size_t size) {
  for (auto* at = static_cast<const char*>(from); size > 0;) {
    const ssize_t n = write(fd, at, size);
    if (n < 0) throw std::runtime_error("write");
    at += n;
    size -= static_cast<std::size_t>(n);
  }
}

// Reads so many bytes, 64 KiB at a time, looks at none, and says that they came.
void count_bytes(int in, int out) {
  std::array<char, 65'536> buffer;
  while (true) {
    std::uint64_t due;
    read_whole(in, &due, sizeof due);
    while (due > 0) {
      const ssize_t n = read(in, buffer.data(), std::min<std::uint64_t>(buffer.size(), due));
      if (n <= 0) return;
      due -= static_cast<std::uint64_t>(n);
    }
    write_whole(out, "!", 1);
  }
}

class Pipe : public Measurement {
 public:
  Pipe(std::size_t frame_size, std::size_t batch) : frame_(frame_size, 'x'), batch_(batch, {frame_.data(), frame_size}) {}

  double run(std::uint64_t items) override {
    return seconds([&] {
             const std::uint64_t due = items * frame_.size();
             write_whole(other_.out, &due, sizeof due);
             for (std::uint64_t sent = 0; sent < items;) sent += send(items - sent);
             char done;
             read_whole(other_.in, &done, 1);
           }) *
           1e9 / static_cast<double>(items);
  }

 private:
  std::uint64_t send(std::uint64_t most) {
    const std::size_t count = std::min<std::size_t>(batch_.size(), most);
    if (count == 1) {
      write_whole(other_.out, frame_.data(), frame_.size());
      return 1;
    }
    const std::size_t size = count * frame_.size();
    const ssize_t n = writev(other_.out, batch_.data(), static_cast<int>(count));
    if (n < 0) throw std::runtime_error("writev");
    // A pipe takes what it has room for; the rest of the batch, in one piece.
    const std::vector<char> rest(size - static_cast<std::size_t>(n), 'x');
    write_whole(other_.out, rest.data(), rest.size());
    return count;
  }

  std::vector<char> frame_;
  std::vector<iovec> batch_;
  OtherSide other_{count_bytes};
};

// --- round trip
class RoundTrip : public Measurement {
 public:
  explicit RoundTrip(std::size_t frame_size) : frame_(frame_size, 'x'), other_([frame_size](int in, int out) {
    for (std::vector<char> frame(frame_size);;) {
      read_whole(in, frame.data(), frame.size());
      write_whole(out, frame.data(), frame.size());
    }
  }) {}

  double run(std::uint64_t items) override {
    return seconds([&] {
             for (std::uint64_t i = 0; i < items; ++i) {
               write_whole(other_.out, frame_.data(), frame_.size());
               read_whole(other_.in, frame_.data(), frame_.size());
             }
           }) *
           1e9 / static_cast<double>(items);
  }

 private:
  std::vector<char> frame_;
  OtherSide other_;
};

// --- table
class Table : public Measurement {
 public:
  double run(std::uint64_t items) override {
    const MemoryGauge memory;
    for (std::uint64_t i = 0; i < items; ++i) table_[i] = i;
    return memory.grown_by() / static_cast<double>(items);
  }

 private:
  std::unordered_map<std::uint64_t, std::uint64_t> table_;
};

// ---
}  // namespace

std::unique_ptr<Measurement> pipe_writes(std::size_t batch) {
  return std::make_unique<Pipe>(remote::frame_size(), batch);
}
std::unique_ptr<Measurement> pipe_round_trip() { return std::make_unique<RoundTrip>(remote::frame_size()); }
std::unique_ptr<Measurement> table_memory() { return std::make_unique<Table>(); }

}  // namespace ffi_cts::bench::floors
