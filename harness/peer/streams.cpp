#include "harness/peer/streams.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace ffi_cts::peer {

void make_nonblocking(int fd) {
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

socklen_t abstract_address(const std::string& address, sockaddr_un& name) {
  name = {};
  name.sun_family = AF_UNIX;
  const std::size_t size = std::min(address.size(), sizeof name.sun_path - 1);
  std::memcpy(name.sun_path + 1, address.data(), size);
  return static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + size);
}

namespace {

struct Parcel {
  char byte = 'd';
  iovec part{&byte, 1};
  alignas(cmsghdr) char memory[CMSG_SPACE(3 * sizeof(int))] = {};
  msghdr message{};
  Parcel() {
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = memory;
    message.msg_controllen = sizeof memory;
  }
};

}  // namespace

bool send_descriptors(int socket, const int (&descriptors)[3]) {
  Parcel parcel;
  cmsghdr* header = CMSG_FIRSTHDR(&parcel.message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof descriptors);
  std::memcpy(CMSG_DATA(header), descriptors, sizeof descriptors);
  return sendmsg(socket, &parcel.message, MSG_NOSIGNAL) == 1;
}

bool receive_descriptors(int socket, int (&descriptors)[3]) {
  Parcel parcel;
  if (recvmsg(socket, &parcel.message, MSG_CMSG_CLOEXEC) != 1) return false;
  const cmsghdr* header = CMSG_FIRSTHDR(&parcel.message);
  if (!header || header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN(sizeof descriptors)) return false;
  std::memcpy(descriptors, CMSG_DATA(header), sizeof descriptors);
  return true;
}

std::vector<int> tasks_of(int pid) {
  std::vector<int> out;
  DIR* directory = opendir(("/proc/" + std::to_string(pid) + "/task").c_str());
  if (!directory) return out;
  while (const dirent* entry = readdir(directory))
    if (entry->d_name[0] != '.') out.push_back(std::atoi(entry->d_name));
  closedir(directory);
  return out;
}

ssize_t write_some(int fd, const std::uint8_t* bytes, std::size_t size) {
  pollfd room{fd, POLLOUT, 0};
  if (poll(&room, 1, 0) == 0) return 0;
  const ssize_t n = write(fd, bytes, size);
  return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : n;
}

bool hung_up(int fd) {
  pollfd end{fd, POLLIN | POLLRDHUP, 0};
  return poll(&end, 1, 0) > 0 && (end.revents & (POLLHUP | POLLRDHUP)) != 0;
}

int unread(int fd) {
  struct stat what {};
  int bytes = 0;
  if (fstat(fd, &what) != 0 || ioctl(fd, S_ISSOCK(what.st_mode) ? SIOCOUTQ : FIONREAD, &bytes) != 0) return 0;
  return bytes;
}

}  // namespace ffi_cts::peer
