#include "harness/worker/link.hpp"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "reference/remote/message.hpp"

namespace ffi_cts {
namespace {

constexpr std::uint64_t parent_id = 1, driver_id = 2;

}  // namespace

bool send_message(int fd, const List& payload) {
  Bytes item = encode(Value(payload));
  std::vector<std::uint8_t> content = remote::encode(remote::Send{parent_id, driver_id, item});
  std::vector<std::uint8_t> out;
  remote::write_frame(out, content);
  for (std::size_t done = 0; done < out.size();) {
    ssize_t n = send(fd, out.data() + done, out.size() - done, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    done += static_cast<std::size_t>(n);
  }
  return true;
}

bool LinkReader::fill(int fd) {
  std::uint8_t buffer[65536];
  ssize_t n;
  do n = read(fd, buffer, sizeof buffer);
  while (n < 0 && errno == EINTR);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
  if (n <= 0 || broken_) return false;
  frames_.feed({buffer, static_cast<std::size_t>(n)});
  return true;
}

std::optional<List> LinkReader::next() {
  auto content = frames_.next();
  if (!content) {
    broken_ = broken_ || frames_.error().has_value();
    return std::nullopt;
  }
  auto message = remote::decode(*content);
  if (auto* sent = std::get_if<remote::Send>(&message))
    if (auto item = decode(sent->payload); item && item.value->list()) return *item.value->list();
  broken_ = true;
  return std::nullopt;
}

}  // namespace ffi_cts
